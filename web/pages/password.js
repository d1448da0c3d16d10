/* password.js — changing one's own password. */
import { change } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { announce } from "/web/lib/say.js";
import { t } from "/web/lib/strings.js";

export default function password(ctx) {
	const next = field({ name: "new", label: t("password.new"), raw: true,
		kind: "password", must: true, wide: true, item: "new",
		autocomplete: "new-password", hint: t("users.first.hint") });
	const again = field({ name: "again", label: t("password.again"),
		kind: "password", must: true, raw: true, wide: true,
		autocomplete: "new-password", check: (text) =>
			text === next.input.value ? null
				: t("password.differs") });
	const fields = [field({ name: "old", label: t("password.old"),
		kind: "password", must: true, raw: true, wide: true, item: "old",
		autocomplete: "current-password" }), next, again];

	ctx.show({}, h("div", { class: "card" }, form({
		fields, act: t("password.act"), label: t("password.act"),
		send: async (v, key) => {
			await change("POST", "/session/password",
				{ old: v.old, new: v.new }, { key });
			fields.forEach((f) => {
				f.input.value = "";
			});
			announce("good", t("password.done"));
		},
	})));
}
