/* home_bank.js — the bank at a glance: what is to be answered, and by when. */
import { read } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { state } from "/web/lib/say.js";
import { t, time } from "/web/lib/strings.js";
import { liveFigures } from "/web/pages/node.js";
import { awaitedList } from "/web/pages/awaited.js";
import { receivedList } from "/web/pages/received.js";

export default async function homeBank(ctx) {
	const n = await read("/node");

	ctx.show({ lead: t("home.lead", { at: time(ctx.me.now) }),
		beside: state("node.state", n.state) },
	liveFigures(n),
	ctx.is("clerk", "inspector") ? [h("section",
		h("h2", t("awaited.caption")), awaitedList()),
	h("section", h("h2", t("received.caption")), receivedList())]
		: null);
}
