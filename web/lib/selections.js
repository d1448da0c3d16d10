/*
 * selections.js — rules of selection kept by name: chosen into the form of a
 * new wave, kept from it, forgotten.
 */
import { change, read } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { announce } from "/web/lib/say.js";
import { t } from "/web/lib/strings.js";

function put(f, rule) {
	f.claim.input.value = rule.claim_kind;
	f.least.input.value = rule.min_amount || "";
	f.age.input.value = rule.min_age || "";
	/* Whoever counts, hears of it. */
	f.claim.input.dispatchEvent(new Event("input", { bubbles: true }));
}

function keep(f, done) {
	return h("button", { type: "button", onclick: async () => {
		const text = f.claim.input.selectedOptions[0].textContent;
		let name = "";
		const ok = await confirm({
			title: t("selection.keep.title"), act: t("selection.keep"),
			happens: [t("selection.keep.1", { claim: text,
				least: f.least.input.value || "0",
				age: f.age.input.value || "0" })],
			fields: [field({ name: "name", must: true, max: 200,
				wide: true, label: t("selection.name") })],
			send: (v, key) => {
				name = v.name;
				return change("POST", "/selections", {
					name, claim_kind: f.claim.input.value,
					min_amount: Number(f.least.input.value || 0),
					min_age: Number(f.age.input.value || 0),
				}, { key });
			},
		});

		if (ok) {
			announce("good", t("selection.kept", { name }));
			done(name);
		}
	} }, t("selection.keep"));
}

function forget(chosen, done) {
	return h("button", { type: "button", onclick: async () => {
		const rule = chosen();

		if (!rule)
			return;
		if (await confirm({
			title: t("selection.forget.title"), danger: true,
			act: t("selection.forget"),
			happens: [t("selection.forget.1", { name: rule.name })],
			send: (v, key) => change("DELETE", "/selections/"
				+ rule.no, undefined, { key }),
		})) {
			announce("good", t("selection.forgotten",
				{ name: rule.name }));
			done("");
		}
	} }, t("selection.forget"));
}

/* f: the fields claim, least, age. The node to put above them. */
export async function selections(f) {
	let rules = [];
	const pick = field({ name: "selection", label: t("selection.choose"),
		options: [{ value: "", text: t("selection.none") }],
		onchange: () => chosen() && put(f, chosen()) });

	function chosen() {
		return rules.find((r) => String(r.no) === pick.input.value);
	}

	async function load(name) {
		rules = (await read("/selections")).items;
		pick.input.replaceChildren(
			h("option", { value: "" }, t("selection.none")),
			...rules.map((r) => h("option", { value: r.no,
				selected: r.name === name }, r.name)));
	}

	await load("");
	return h("div", { class: "row" }, pick, keep(f, load),
		forget(chosen, load));
}
