/* holds.js — 保留: inquiries that a layout holds at the unit, by authority
 * and wave. The ward mends them: nobody else knows the person. */
import { query } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { list } from "/web/lib/table.js";
import { t } from "/web/lib/strings.js";
import { place, reason } from "/web/pages/wave_held.js";

export default function holds(ctx) {
	const authority = ctx.query.get("authority") ?? "";
	const wave = ctx.query.get("wave") ?? "";
	const input = (name, text, now) => field({ name, label: text,
		value: now, size: 8, max: 6, onchange: (event) => ctx.goTo(
			"/holds" + query({ authority, wave,
				[name]: event.target.value.trim() })) });

	ctx.show({ lead: t("holds.lead") },
		h("div", { class: "filters", role: "search" },
			input("authority", t("files.authority"), authority),
			authority ? input("wave", t("wave.no"), wave) : null),
		list({
			caption: t("holds.caption"), hideCaption: true,
			path: "/holds", filter: () => ({ authority,
				wave: authority ? wave : "" }),
			columns: [
				{ head: t("inquiry.number"), tight: true,
					cell: (r) => value(r.inquiry) },
				{ head: t("files.authority"), tight: true,
					key: "authority" },
				{ head: t("wave.no"), tight: true, key: "wave" },
				{ head: t("wave.institution"), tight: true,
					key: "institution" },
				{ head: t("held.reason"), cell: reason },
				{ head: t("where.item"), cell: place },
			],
			none: t("holds.none"),
		}));
}
