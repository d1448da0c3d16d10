/* waves.js — all waves, newest first. */
import { h } from "/web/lib/dom.js";
import { list } from "/web/lib/table.js";
import { t } from "/web/lib/strings.js";
import { waveColumns } from "/web/pages/home_ward.js";

export default function waves(ctx) {
	const mine = ctx.query.get("mine") === "1";

	ctx.show({
		acts: ctx.is("officer") ? h("a", { class: "button primary",
			href: "/waves/new" }, t("wave.new")) : null,
	}, h("p", h("a", { href: "/waves" + (mine ? "" : "?mine=1") },
		mine ? t("waves.all") : t("waves.mine"))), list({
		caption: mine ? t("waves.mine") : t("waves.caption"),
		hideCaption: !mine, path: "/waves", live: true,
		filter: () => ({ mine: mine ? "1" : "" }),
		columns: waveColumns(), none: t("waves.none"),
		noneNext: ctx.is("officer") ? h("a", { href: "/waves/new" },
			t("wave.new")) : t("waves.none.next"),
	}));
}
