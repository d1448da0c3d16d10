/*
 * hold_acts.js — what an officer decides about an inquiry that its layout
 * held, where it is shown.
 */
import { change } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { t } from "/web/lib/strings.js";

/* Another value for an item; done(key, r) afterwards. */
export function mend(r, codes, done) {
	const items = codes.items?.length ? codes.items : [r.item];

	return h("button", { type: "button", onclick: async () => {
		const ok = await confirm({
			title: t("held.mend.title"), reason: t("held.why"),
			act: t("held.mend"),
			happens: [t("held.mend.1"), t("held.mend.2")],
			fields: [field({ name: "item", label: t("held.item"),
				must: true, value: r.item,
				options: items.map((i) => ({ value: i,
					text: i })) }),
			field({ name: "value", label: t("held.value"), wide: true,
				must: true, max: 200 })],
			send: (v, key) => change("POST", "/inquiries/"
				+ r.inquiry + "/mend", v, { key }),
		});

		if (ok)
			done("held.mended", r);
	} }, t("held.mend"));
}

/* Sent with the loss it was held for. */
export function release(r, done) {
	return h("button", { type: "button", onclick: async () => {
		const ok = await confirm({
			title: t("held.release.title"), reason: t("held.why"),
			act: t("held.release"),
			happens: [t("held.release.1"), t("held.release.2")],
			send: (v, key) => change("POST", "/inquiries/"
				+ r.inquiry + "/release", v, { key }),
		});

		if (ok)
			done("held.released", r);
	} }, t("held.release"));
}
