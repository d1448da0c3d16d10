/* manual.js — 操作手引: docs/ja/desk.md as a page. */
import { h } from "/web/lib/dom.js";
import { render } from "/web/lib/markdown.js";

export default async function manual(ctx) {
	const answer = await fetch("/web/manual/ja.md");

	ctx.show({}, h("article", { class: "paper stack", lang: "ja" },
		render(await answer.text())));
}
