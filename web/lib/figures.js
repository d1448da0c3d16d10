/* figures.js — figures at a glance, each with the page it leads to. */
import { h } from "/web/lib/dom.js";
import { number, t } from "/web/lib/strings.js";

/* figures: [{label, n, unit, href, attention, more}]; what asks for
 * attention says so in words, not by colour alone. */
export function figures(all) {
	return h("ul", { class: "figures", role: "list" }, all.map((f) => {
		const inside = [
			h("span", f.label),
			h("span", { class: "value" }, number(f.n),
				h("small", f.unit ?? t("unit.any"))),
			h("span", { class: "quiet" }, f.n > 0 && f.attention
				? "▲ " + (f.more ?? t("home.todo"))
				: f.more ?? (f.attention ? t("home.nothing") : "")),
		];

		return h("li", { class: f.attention && f.n > 0 ? "attention"
			: null }, f.href ? h("a", { href: f.href }, inside)
			: h("div", { class: "still" }, inside));
	}));
}
