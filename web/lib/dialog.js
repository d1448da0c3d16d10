/*
 * dialog.js — a question before an act: it says in plain words what will
 * happen. Escape and "back" do nothing at all.
 */
import { fresh, h } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { t } from "/web/lib/strings.js";

/* Shows content (a function of close(value)) until closed; the value. */
export function ask(title, content) {
	return new Promise((resolve) => {
		const id = fresh("dialog");
		const before = document.activeElement;
		let result = null;
		const box = h("dialog", { "aria-labelledby": id });

		function close(value) {
			result = value;
			box.close();
		}

		box.append(h("div", { class: "stack" }, h("h2", { id }, title),
			content(close)));
		box.addEventListener("close", () => {
			box.remove();
			if (before instanceof HTMLElement && before.isConnected)
				before.focus();
			resolve(result);
		});
		document.body.append(box);
		box.showModal();
	});
}

/*
 * o: {title, happens: [sentences], act, danger, reason: label or null,
 * fields, send(values, key)}. True when it was done.
 */
export async function confirm(o) {
	const fields = [...o.fields ?? []];

	if (o.reason)
		fields.push(field({ name: "reason", label: o.reason, must: true,
			kind: "area", max: 200, wide: true }));
	return await ask(o.title, (close) => form({
		fields, act: o.act, danger: o.danger, label: o.title,
		body: [h("ul", o.happens.map((x) => h("li", x))), fields],
		/* Of what cannot be undone, Enter alone is not enough. */
		more: h("button", { type: "button", autofocus: o.danger,
			onclick: () => close(false) }, t("act.back")),
		send: async (values, key) => {
			await o.send(values, key);
			close(true);
		},
	})) === true;
}
