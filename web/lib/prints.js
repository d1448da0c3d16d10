/* prints.js — printing: with its purpose, entered in the 持出し記録. A page
 * that shows personal data (pages.json) comes on no paper without it. */
import { change } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { t } from "/web/lib/strings.js";

/* One entry is for one print. */
addEventListener("afterprint", () => {
	delete document.body.dataset.entered;
});

/* The button; kind: subject, wave, inquiry; object: which; prepare: awaited
 * before the paper, or nothing. */
export function enterPrint(kind, object, prepare) {
	return h("button", { type: "button", onclick: async () => {
		const ok = await confirm({
			title: t("print.title"), act: t("act.print"),
			happens: [t("print.1"), t("print.2")],
			fields: [field({ name: "purpose", label: t("print.purpose"),
				must: true, max: 200, wide: true })],
			send: (v, key) => change("POST", "/prints", { kind,
				object, purpose: v.purpose }, { key }),
		});

		if (!ok)
			return;
		await prepare?.();
		document.body.dataset.entered = "";
		window.print();
	} }, t("act.print"));
}
