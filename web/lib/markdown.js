/*
 * markdown.js — the little of Markdown that the manual uses: headings,
 * paragraphs, lists, tables, code, emphasis, links within the manual. The
 * text becomes text nodes; nothing in it is taken as markup of a page.
 */
import { h } from "/web/lib/dom.js";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((#[^)]+|\/[^)]*)\)/g;

function inline(text) {
	const nodes = [];
	let at = 0;

	for (const m of text.matchAll(INLINE)) {
		nodes.push(text.slice(at, m.index));
		if (m[1] !== undefined)
			nodes.push(h("code", m[1]));
		else if (m[2] !== undefined)
			nodes.push(h("b", m[2]));
		else
			nodes.push(h("a", { href: m[4] }, m[3]));
		at = m.index + m[0].length;
	}
	nodes.push(text.slice(at));
	return nodes;
}

function cells(line) {
	return line.replace(/^\||\|$/g, "").split("|").map((c) => c.trim());
}

function tableOf(lines) {
	const [head, , ...rows] = lines;

	return h("div", { class: "scroll", tabindex: "0", role: "group",
		"aria-label": cells(head).join(" ") },
	h("table", h("thead", h("tr", cells(head).map((c) => h("th",
		{ scope: "col" }, inline(c))))), h("tbody", rows.map((r) =>
		h("tr", cells(r).map((c) => h("td", inline(c))))))));
}

function listOf(lines) {
	const items = [];

	for (const line of lines) {
		const m = /^(?:[-*]|\d+\.) +(.*)$/.exec(line);

		if (m)
			items.push(m[1]);
		else
			items[items.length - 1] += line.trim();
	}
	return h(/^\d/.test(lines[0]) ? "ol" : "ul", items.map((i) => h("li",
		inline(i))));
}

/* "5. 起案" is at #s5, whatever the language. */
function sectionOf(text) {
	const n = /^(\d+)\. /.exec(text);

	return n ? { id: "s" + n[1], tabindex: "-1" } : {};
}

function block(text) {
	const lines = text.split("\n");
	const m = /^(#{1,4}) (.*)$/.exec(lines[0]);

	if (m && m[1].length === 1)
		return null; /* the page has its own */
	if (m)
		return h("h" + m[1].length, sectionOf(m[2]), m[2]);
	if (lines[0].startsWith("|"))
		return tableOf(lines);
	if (/^(?:[-*]|\d+\.) /.test(lines[0]))
		return listOf(lines);
	return h("p", inline(lines.join("")));
}

export function render(text) {
	return text.split(/\n{2,}/).map((b) => b.trim()).filter(Boolean)
		.map(block);
}
