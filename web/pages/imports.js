/* imports.js — 顧客データの取込み: which customers answers are made from. */
import { state } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { day, t, time } from "/web/lib/strings.js";

export default function imports(ctx) {
	const column = (key) => ({ head: t("imports." + key), num: true,
		cell: (r) => count(r[key]) });

	ctx.show({ lead: t("imports.lead") }, list({
		caption: t("imports.caption"), hideCaption: true,
		path: "/imports",
		columns: [
			{ head: t("carries.no"), tight: true, key: "no" },
			{ head: t("imports.as_of"), tight: true, cell: (r) =>
				day(r.as_of) },
			{ head: t("carries.at"), tight: true, cell: (r) =>
				time(r.at) },
			{ head: t("files.state"), tight: true, cell: (r) =>
				state("imports.state", r.state) },
			column("customers"), column("accounts"),
			column("transactions"), column("others"),
		],
		none: t("imports.none"), noneNext: t("imports.none.next"),
	}));
}
