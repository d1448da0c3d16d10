/* home_hub.js — the hub at a glance: hours, backlog, traffic. */
import { read } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { state } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { number, t, time } from "/web/lib/strings.js";
import { liveFigures } from "/web/pages/node.js";
import { refusalCounts } from "/web/pages/refusals.js";
import { hours, trafficList } from "/web/pages/traffic.js";

/* What waits to be delivered, by peer. */
function backlog() {
	return list({
		caption: t("backlog.caption"), hideCaption: true,
		path: "/backlog", whole: true, live: true,
		columns: [
			{ head: t("peers.code"), key: "peer" },
			{ head: t("backlog.messages"), num: true, cell: (r) =>
				count(r.messages) },
			{ head: t("backlog.oldest"), num: true, cell: (r) =>
				t("backlog.seconds", { s: number(r.oldest_s) }) },
		],
		none: t("backlog.none"),
	});
}

export default async function homeHub(ctx) {
	const [n, times] = await Promise.all([read("/node"), hours()]);

	ctx.show({ lead: t("home.lead", { at: time(ctx.me.now) }),
		beside: state("node.state", n.state) },
	liveFigures(n),
	h("section", { class: "card" }, h("h2", t("hours.title")), times),
	h("section", h("h2", t("backlog.caption")), backlog()),
	h("section", h("h2", t("traffic.caption")), trafficList()),
	h("section", h("h2", t("refusals.counts")), refusalCounts()));
}
