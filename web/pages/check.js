/* check.js — one file at the check: facts, and what stands in it. */
import { read } from "/web/lib/api.js";
import { checkActs } from "/web/lib/check_acts.js";
import { h, path, value } from "/web/lib/dom.js";
import { enterPrint } from "/web/lib/prints.js";
import { notice, state, tag } from "/web/lib/say.js";
import { number, t, time, word } from "/web/lib/strings.js";

const SHOWN = 400;

function content(r) {
	if (r.content === undefined || r.content === null)
		return r.content_hex ? h("pre", { class: "bytes" },
			r.content_hex.replace(/(..)/g, "$1 ").slice(0, 6000))
			: h("p", { class: "quiet" }, t("check.dropped"));
	const lines = r.content.split(/\r?\n/);

	return [h("div", { class: "scroll low", tabindex: "0", role: "group",
		"aria-label": t("check.content") }, h("table",
		h("caption", { class: "sr" }, t("check.content")),
		h("thead", h("tr", h("th", { scope: "col", class: "num" },
			t("where.line")), h("th", { scope: "col" },
			t("check.text")))),
		h("tbody", lines.slice(0, SHOWN).filter((x, i, all) =>
			x !== "" || i < all.length - 1).map((line, i) => h("tr",
			h("td", { class: "num" }, number(i + 1)),
			h("td", { class: "bytes" }, value(line))))))),
	lines.length > SHOWN ? h("p", { class: "quiet" }, t("check.more",
		{ n: number(lines.length - SHOWN) })) : null];
}

function one(ctx, r) {
	const pair = (name, ...what) => [h("dt", name), h("dd", what)];

	return h("section", { class: "card stack" },
		h("div", { class: "row" }, h("h2",
			word("check.direction", r.direction)),
		state("check.state", r.state), checkActs(ctx, r,
			() => ctx.again())),
		r.stopped ? notice("warn", t("check.has_stopped",
			{ n: number(r.stopped) }), h("p",
			t("check.has_stopped.next"))) : null,
		h("dl", { class: "pairs" },
			pair(t("wave.no"), h("a", { href: "/waves/" + r.wave },
				r.wave)),
			pair(t("wave.institution"), value(r.institution)),
			pair(t("wave.hub"), value(r.hub)),
			pair(t("check.records"), number(r.records)),
			r.digest ? pair(t("check.digest"), h("code",
				{ class: "wrap" }, r.digest)) : null,
			pair(t("check.arrived"), time(r.arrived)),
			r.officer ? pair(t("check.officer"), value(r.officer), " ",
				r.reason ? tag("", r.reason) : null) : null),
		content(r));
}

export default async function check(ctx) {
	const got = await read(path`/checks/${ctx.params.file}`);

	ctx.show({
		crumbs: [ctx.crumb("checks")],
		title: t("check.title", { file: ctx.params.file }),
		lead: t("check.read"),
		acts: enterPrint("wave", got.items[0]?.wave),
	}, got.items.map((r) => one(ctx, { content: got.content,
		content_hex: got.content_hex, ...r })));
}
