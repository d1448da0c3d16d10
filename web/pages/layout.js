/* layout.js — the specification sheet of one version of a layout. */
import { read, query } from "/web/lib/api.js";
import { h, path } from "/web/lib/dom.js";
import { render } from "/web/lib/markdown.js";
import { lang, t } from "/web/lib/strings.js";

export default async function layout(ctx) {
	const { code, version } = ctx.params;
	const x = await read(path`/layouts/${code}/${version}` + query({
		lang: lang() }));

	ctx.show({
		crumbs: [ctx.crumb("layouts")],
		title: t("layouts.title", { code, version }),
		acts: [ctx.me.node.party === "unit" ? h("a", { class: "button",
			href: path`/layouts/${code}/${version}/diff` },
		t("diff.open")) : null,
		h("button", { type: "button",
			onclick: () => window.print() }, t("act.print"))],
	}, h("article", { class: "paper stack" }, render(x.sheet)));
}
