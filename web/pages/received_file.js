/* received_file.js — one received file: the ward's signed approval with its
 * legal basis, purpose and deadline; answered again where that is asked. */
import { change, read } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h, path, value } from "/web/lib/dom.js";
import { later, notice, state, tag } from "/web/lib/say.js";
import { day, number, t, time, word } from "/web/lib/strings.js";

function again(ctx, r) {
	return h("button", { type: "button", onclick: async () => {
		const ok = await confirm({
			title: t("again.title"), act: t("again.act"),
			happens: [t("again.1"), t("again.2")],
			send: (v, key) => change("POST",
				path`/answers/${r.file}/again`, undefined, { key }),
		});

		if (ok) {
			later("good", t("again.did"));
			location.reload();
		}
	} }, t("again.act"));
}

function facts(r) {
	const pair = (name, ...what) => [h("dt", name), h("dd", what)];

	return h("dl", { class: "pairs" },
		pair(t("files.authority"), value(r.authority), " ",
			value(r.authority_name ?? "")),
		pair(t("wave.no"), value(r.wave)),
		pair(t("check.records"), number(r.records)),
		pair(t("received.unit"), value(r.unit)),
		pair(t("wave.hub"), value(r.hub)),
		pair(t("received.at"), time(r.received)),
		pair(t("received.answered"), time(r.answered_at) || "—"),
		pair(t("count.answered"), number(r.answered)),
		pair(t("count.rejected"), number(r.rejected)));
}

function approval(r) {
	const pair = (name, ...what) => [h("dt", name), h("dd", what)];

	if (r.verified === undefined)
		return notice("note", t("received.gone"));
	return [r.verified ? notice("good", t("received.verified"))
		: notice("bad", t("received.unverified"),
			h("p", t("received.unverified.next"))),
	r.basis ? h("dl", { class: "pairs" },
		pair(t("new.basis"), h("ul", { role: "list" }, r.basis.map((b) =>
			h("li", value(b.text), " ", h("span",
				{ class: "quiet" },
				value(b.kamoku_name ?? "")))))),
		pair(t("new.purpose"), value(r.purpose)),
		pair(t("new.scope"), word("scope", r.scope)),
		pair(t("new.base"), day(r.base_date)),
		pair(t("sheet.period"), day(r.period_from), " – ",
			day(r.period_to)),
		pair(t("wave.deadline"), day(r.deadline), r.overdue
			? [" ", tag("bad", t("count.overdue"))] : null))
		: null];
}

export default async function receivedFile(ctx) {
	const r = await read(path`/received/${ctx.params.file}`);

	ctx.show({
		crumbs: [ctx.crumb("received")],
		title: t("check.title", { file: r.file }),
		beside: state("state", r.state),
		acts: r.answered_at ? again(ctx, r) : null,
	}, h("div", { class: "cols" },
		h("section", { class: "card stack" }, h("h2",
			t("received.approval")), approval(r)),
		h("section", { class: "card" }, h("h2", t("received.file")),
			facts(r))));
}
