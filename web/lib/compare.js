/*
 * compare.js — 送信前比較: the record as the ward has it beside what stands in
 * the bank's file; what changed is marked, named by rule and by loss.
 */
import { h, value } from "/web/lib/dom.js";
import { coded } from "/web/lib/marks.js";
import { tag } from "/web/lib/say.js";
import { table } from "/web/lib/table.js";
import { t, word } from "/web/lib/strings.js";

const LOSS = { none: "", informational: "note", material: "bad" };

/* The first text, with the places the second does not have alike marked:
 * a longest common beginning and end is enough for a reader. */
function marked(mine, other, loss) {
	const a = [...mine];
	const b = [...other];
	let head = 0;
	let tail = 0;

	while (head < a.length && head < b.length && a[head] === b[head])
		head++;
	while (tail < a.length - head && tail < b.length - head
	    && a[a.length - 1 - tail] === b[b.length - 1 - tail])
		tail++;
	const middle = a.slice(head, a.length - tail).join("");

	if (middle === "")
		return value(mine);
	return [value(a.slice(0, head).join("")),
		h("mark", { class: loss === "material" ? "diff-material"
			: "diff-info" }, value(middle)),
		value(a.slice(a.length - tail).join(""))];
}

/* What nobody sees is named: blanks by their numbers. */
function seen(text) {
	return /^[ \u3000]+$/.test(text) ? h("code", [...text].map(coded)
		.join(" ")) : text === "" ? t("compare.nothing") : value(text);
}

/* Written as the form wants it, and nothing lost: a day without its dashes. */
function reshaped(r) {
	return (r.written ?? []).some((p) => p.value !== ""
		&& p.value !== (r.value ?? ""));
}

function rules(item) {
	const changes = item.changes ?? [];

	return changes.map((c) => h("div", h("code", c.rule), " ",
		seen(c.before), " → ", seen(c.after), " ",
		h("span", { class: "quiet" }, t("compare.at", { at: c.at }))));
}

function sent(r) {
	return r.written === undefined ? r.after !== undefined
		: r.written.some((p) => p.value !== "") || r.value !== "";
}

/* items: as inquiry show gives them; what is not sent, or empty on both
 * sides, is named below. */
export function comparison(all, caption) {
	const items = all.filter((r) => (r.written !== undefined
		|| r.changes?.length) && sent(r));
	const rest = all.filter((r) => !items.includes(r));

	return h("div", { class: "stack tight" }, rows(items, caption),
		rest.length ? h("p", { class: "quiet" }, t("compare.rest"),
			rest.map((r, i) => [i ? t("comma") : null,
				value(r.item)])) : null);
}

function rows(items, caption) {
	return table({
		caption, columns: [
			{ head: t("compare.item"), tight: true, cell: (r) => [
				value(r.item), r.mended_from ? [" ", tag("warn",
					t("compare.mended"))] : null,
				h("div", { class: "quiet" },
					word("source", r.source))] },
			{ head: t("compare.before"), cell: (r) => marked(
				r.value ?? r.before ?? "",
				r.after ?? "", r.loss) },
			{ head: t("compare.after"), cell: (r) => written(r) },
			{ head: t("compare.change"), cell: (r) => [
				LOSS[r.loss] ? tag(LOSS[r.loss],
					word("loss", r.loss))
					: h("span", { class: "zero" }, reshaped(r)
						? t("compare.form")
						: word("loss", r.loss)), rules(r)] },
		],
		rows: items,
	});
}

function written(r) {
	const places = r.written ?? [];

	if (places.length === 0 && r.after === undefined)
		return h("span", { class: "quiet" }, t("compare.unsent"));
	if (places.length === 0)
		return marked(r.after, r.value ?? r.before ?? "", r.loss);
	return places.map((p) => h("div", h("span", { class: "quiet" },
		value(p.column), " "), marked(p.value, r.value ?? "", r.loss)));
}
