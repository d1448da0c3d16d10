/* login.js — signing in. */
import { ApiError, signIn } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { notice } from "/web/lib/say.js";
import { t } from "/web/lib/strings.js";

/* Only an address of our own: nothing that leads elsewhere. */
function wanted(query) {
	const next = query.get("next") ?? "/";

	return /^\/(?![/\\])/.test(next) ? next : "/";
}

export default function login(ctx) {
	const name = field({ name: "name", label: t("login.name"), must: true,
		max: 60, wide: true, autocomplete: "username" });
	const password = field({ name: "password", label: t("login.password"),
		kind: "password", must: true, raw: true, wide: true,
		autocomplete: "current-password" });
	const totp = field({ name: "totp", label: t("login.totp"), max: 6,
		hint: t("login.totp.hint"), mode: "numeric", size: 8,
		autocomplete: "one-time-code" });

	totp.hidden = true;

	async function send(values) {
		try {
			await signIn(values.name, values.password,
				values.totp || undefined);
		} catch (e) {
			if (e instanceof ApiError && e.code === "session.totp")
				totp.hidden = false;
			throw e;
		}
		location.assign(wanted(ctx.query));
	}

	ctx.show({ lead: t("login.lead") },
		ctx.query.has("next") ? notice("note", t("login.needed"),
			h("p", t("login.needed.next"))) : null,
		h("div", { class: "card" }, form({
			fields: [name, password, totp], act: t("login.act"),
			label: t("login.act"), send,
		})),
		h("p", { class: "quiet" }, t("login.watched")));
	name.input.focus();
}
