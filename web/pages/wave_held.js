/* wave_held.js — 保留: what is in no file, with the reason; what its layout
 * held is mended in place. */
import { query, read } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { mend, release } from "/web/lib/hold_acts.js";
import { enterPrint } from "/web/lib/prints.js";
import { announce, state } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { has, t, word } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

/* Held by the ward itself until an address is chosen (支援措置). */
const SHIELDED = "\u652f\u63f4\u63aa\u7f6e";
const KINDS = ["held", "excluded", "reused", "paper", "cancelled"];

export function reason(r) {
	return has("held.code." + r.reason)
		? [word("held.code", r.reason), " ", h("code", r.reason)]
		: value(r.reason);
}

export function place(r) {
	if (!r.item)
		return "";
	return [value(r.item), r.at ? [" ", t("held.at", { at: r.at })] : null,
		r.bad ? [" ", h("b", value(r.bad))] : null];
}

export default async function waveHeld(ctx) {
	const id = ctx.params.wave;
	const kind = ctx.query.get("kind") ?? "held";
	const [w, codes] = await Promise.all([read("/waves/" + id),
		read("/codes")]);
	const may = ctx.is("officer", "approver") && w.state !== "cancelled";

	function done(key, r) {
		announce("good", t(key, { inquiry: r.inquiry }),
			h("p", t("held.again")));
		node.reload();
	}

	const node = list({
		caption: t("held.caption", { wave: id }),
		path: "/waves/" + id + "/exceptions",
		filter: () => ({ kind, institution:
			ctx.query.get("institution") }),
		columns: [
			{ head: t("inquiry.number"), tight: true, cell: (r) =>
				h("a", { href: "/inquiries/" + r.inquiry },
					h("code", r.inquiry)) },
			{ head: t("wave.institution"), tight: true,
				key: "institution" },
			{ head: t("held.kind"), tight: true, cell: (r) =>
				state("exception", r.kind) },
			{ head: t("held.reason"), cell: reason },
			{ head: t("held.place"), cell: place },
			...(kind === "held" && may ? [{ head: t("held.acts"),
				tight: true, cell: (r) => r.item
					? h("div", { class: "row" },
						mend(r, codes, done),
						release(r, done))
					: r.reason === SHIELDED ? h("a", {
						href: "/inquiries/" + r.inquiry },
					t("held.shielded")) : "" }] : []),
		],
		none: t("held.none." + (KINDS.includes(kind) ? kind : "held")),
	});

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		acts: enterPrint("wave", id),
		lead: t("held.lead"),
	}, waveTabs(id, "/held"), h("div", { class: "filters",
		role: "search" }, field({
		name: "kind", label: t("held.kind"), value: kind,
		options: KINDS.map((k) => ({ value: k,
			text: word("exception", k) })),
		onchange: (event) => ctx.goTo(location.pathname
			+ query({ kind: event.target.value })),
	})), node);
}
