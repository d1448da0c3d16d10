/* manual.js — 操作手引: the officers' manual as a page, at the section that the
 * address names. */
import { file } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { render } from "/web/lib/markdown.js";
import { lang } from "/web/lib/strings.js";

export default async function manual(ctx) {
	const text = await file("/web/manual/" + lang() + ".md");

	ctx.show({}, h("article", { class: "paper stack", lang: lang() },
		render(text)));
	const section = document.getElementById(location.hash.slice(1));

	section?.scrollIntoView();
	section?.focus({ preventScroll: true });
}
