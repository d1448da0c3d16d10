/* waves.js — all waves, newest first. */
import { h } from "/web/lib/dom.js";
import { list } from "/web/lib/table.js";
import { t } from "/web/lib/strings.js";
import { waveColumns } from "/web/pages/home_ward.js";

export default function waves(ctx) {
	ctx.show({
		acts: ctx.is("officer") ? h("a", { class: "button primary",
			href: "/waves/new" }, t("wave.new")) : null,
	}, list({
		caption: t("waves.caption"), hideCaption: true, path: "/waves",
		live: true,
		columns: waveColumns(), none: t("waves.none"),
		noneNext: ctx.is("officer") ? h("a", { href: "/waves/new" },
			t("wave.new")) : t("waves.none.next"),
	}));
}
