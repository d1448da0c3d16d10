/* layout_diff.js — two versions of a layout beside each other: what the
 * specification sheet says otherwise, and whose records change. */
import { change, query, read } from "/web/lib/api.js";
import { h, path, replace, value } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { compareLines } from "/web/lib/lines.js";
import { empty, notice, refusals, tag } from "/web/lib/say.js";
import { table } from "/web/lib/table.js";
import { lang, number, t, word } from "/web/lib/strings.js";

const MOST = 4 * 1024 * 1024;

function loss(r) {
	return r.loss === "" ? t("loss.none")
		: r.loss === "held" ? tag("bad", t("count.held"))
			: r.loss === "material"
				? tag("warn", word("loss", r.loss))
				: word("loss", r.loss);
}

/* Of the form itself there is no 宛名番号. */
function differences(items, caption, none) {
	return items.length === 0 ? empty(none) : table({
		caption,
		columns: [
			...(items[0].atena === "" ? [] : [{ tight: true,
				head: t("subject.atena"), cell: (r) =>
					value(r.atena) }]),
			{ head: t("compare.item"), cell: (r) => value(r.item) },
			{ head: t("diff.before"), cell: (r) => value(r.before) },
			{ head: t("diff.after"), cell: (r) => value(r.after) },
			{ head: t("compare.loss"), cell: loss },
		],
		rows: items,
	});
}

/* Only the lines that changed: the sign says whose they are. */
function sheets(a, b) {
	const lines = compareLines(a.sheet, b.sheet).filter((x) =>
		x.kind !== "same" && x.text.trim() !== "");

	return lines.length === 0 ? empty(t("diff.sheet.none")) : table({
		caption: t("diff.sheet"), hideCaption: true,
		columns: [
			{ head: t("layouts.version"), tight: true, cell: (x) =>
				tag("", x.kind === "before" ? a.version
					: b.version) },
			{ head: t("diff.line"), cell: (x) => value(x.text
				.replace(/^\||\|$/g, "").replace(/ *\| */g,
					" / ").replace(/[`*]/g, "").trim()) },
		],
		rows: lines,
	});
}

/* What the officer's own subjects become; nothing of them is kept. */
function ofSubjects(address) {
	const result = h("div", { class: "stack", "aria-live": "polite" });
	const file = field({ name: "file", label: t("diff.file"), must: true,
		kind: "file", accept: ".csv,text/csv", hint: t("diff.file.hint") });

	return h("section", { class: "card stack" }, h("h2", t("diff.of")),
		form({
			fields: [file], act: t("diff.act"), label: t("diff.act"),
			send: async (v, key) => {
				if (v.file.size > MOST) {
					file.complain(t("diff.big"));
					return;
				}
				const r = await change("POST", address,
					await v.file.arrayBuffer(),
					{ key, type: "text/csv" });

				replace(result, h("p", t("diff.subjects", {
					n: number(r.subjects) })),
				r.more ? notice("warn", t("diff.more")) : null,
				r.refused > 0 ? [notice("warn", t("import.refusals",
					{ n: number(r.refused) })),
				refusals(r.refusals)] : null,
				differences(r.items, t("diff.of"),
					t("diff.same")));
			},
		}), result);
}

export default async function layoutDiff(ctx) {
	const { code, version } = ctx.params;
	const { items } = await read("/layouts");
	const others = items.filter((x) => x.code === code
		&& x.version !== version).map((x) => x.version);
	const old = ctx.query.get("with") ?? others.filter((v) => v < version)
		.pop() ?? others[0] ?? version;
	const here = path`/layouts/${code}/${version}/diff`;
	const sheet = (v) => read(path`/layouts/${code}/${v}` + query({
		lang: lang() }));
	const [a, b, d] = await Promise.all([sheet(old), sheet(version),
		read(here + query({ with: old }))]);

	ctx.show({
		crumbs: [ctx.crumb("layouts"), [t("layouts.title", { code,
			version }), path`/layouts/${code}/${version}`]],
		title: t("diff.title", { code, version }),
		lead: t("diff.lead"),
	}, h("div", { class: "filters", role: "search" }, field({
		name: "with", label: t("diff.with"), value: old,
		options: [...new Set([...others, old])].map((v) => ({
			value: v, text: v })),
		onchange: (event) => ctx.goTo(here + query({
			with: event.target.value })) })),
	h("section", h("h2", t("diff.sheet")), sheets(a, b)),
	h("section", h("h2", t("diff.form")), differences(d.items,
		t("diff.form"), t("diff.form.none"))),
	ctx.is("officer", "approver") ? ofSubjects(here + query({ with: old }))
		: null);
}
