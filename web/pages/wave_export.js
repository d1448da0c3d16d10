/* wave_export.js — 持出し: answers as an encrypted ZIP, with their purpose. */
import { changeLong, read } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { choices, field, form } from "/web/lib/form.js";
import { announce, notice } from "/web/lib/say.js";
import { number, t } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

const PASSWORD_LEAST = 12;

function save(blob, name) {
	const url = URL.createObjectURL(blob);
	const link = h("a", { href: url, download: name });

	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 60000);
}

export default async function waveExport(ctx) {
	const id = ctx.params.wave;
	const w = await read("/waves/" + id);
	const fields = [
		field({ name: "purpose", label: t("export.purpose"), must: true,
			max: 200, wide: true, hint: t("export.purpose.hint") }),
		choices({ name: "encoding", kind: "radio", must: true,
			label: t("export.encoding"), choices: [
				{ value: "utf-8-bom", text: t("export.bom"),
					checked: true },
				{ value: "cp932", text: t("export.cp932"),
					more: t("export.cp932.more") }] }),
		choices({ name: "xlsx", kind: "checkbox",
			label: t("export.xlsx"), choices: [{ value: "1",
				text: t("export.xlsx.too"), checked: true,
				more: t("export.xlsx.more") }] }),
		field({ name: "password", label: t("export.password"),
			kind: "password", must: true, raw: true, wide: true,
			max: 100, autocomplete: "new-password",
			hint: t("export.password.hint"),
			check: (text) => text.length >= PASSWORD_LEAST ? null
				: t("export.password.short") }),
	];

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		lead: t("export.lead", { n: number(w.sent) }),
	}, waveTabs(id, "/export"),
	w.pending > 0 ? notice("warn", t("export.partial",
		{ n: number(w.pending) }), h("p", t("export.partial.next")))
		: null,
	h("div", { class: "card" }, form({
		fields, act: t("export.act"), label: t("export.act"),
		send: async (v, key, far) => {
			const blob = await changeLong("POST", "/waves/" + id
				+ "/export", { purpose: v.purpose,
				password: v.password,
				encoding: v.encoding[0],
				xlsx: v.xlsx.length > 0 }, { key },
			(p) => far(t("export.far", {
				p: number(Math.floor(100 * p.done
					/ (p.of || 1))),
				of: number(w.sent) })));

			save(blob, "answers-" + id + ".zip");
			announce("good", t("export.done"),
				h("p", t("export.done.next")));
		},
	})));
}
