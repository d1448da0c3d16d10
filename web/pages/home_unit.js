/* home_unit.js — the unit at a glance: what waits, files in flight. */
import { read } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { state } from "/web/lib/say.js";
import { t, time } from "/web/lib/strings.js";
import { authorityList } from "/web/pages/authorities.js";
import { fileList } from "/web/pages/files.js";
import { liveFigures } from "/web/pages/node.js";

export default async function homeUnit(ctx) {
	const n = await read("/node");

	ctx.show({ lead: t("home.lead", { at: time(ctx.me.now) }),
		beside: state("node.state", n.state) },
	liveFigures(n),
	h("section", h("h2", t("authorities.caption")), authorityList(ctx)),
	h("section", h("h2", t("files.caption")), fileList(true)));
}
