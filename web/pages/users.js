/* users.js — 利用者: roles, appointments, ends; added, locked, renewed. */
import { change } from "/web/lib/api.js";
import { ask, confirm } from "/web/lib/dialog.js";
import { h, path, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { personRoles, roleNames } from "/web/lib/roles.js";
import { announce, tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { day, number, t, word } from "/web/lib/strings.js";

function appointments(r) {
	return (r.appointments ?? []).map((a) => h("div", value(a.number), " ",
		(a.kinds ?? []).map((k) => word("kamoku.short", k))
			.join(t("comma")), h("div", { class: "quiet" },
			day(a.from), "–", h("span", { class: "nowrap" },
				day(a.to)))));
}

function ends(r) {
	const left = r.days_left;

	return [day(r.until), left !== undefined && left <= 60
		? [" ", tag("warn", t("unit.days", { n: number(left) }))]
		: null];
}

export default function users(ctx) {
	const admin = ctx.is("admin");
	const node = list({
		caption: t("users.caption"), hideCaption: true, path: "/users", whole: true,
		columns: [
			{ head: t("login.name"), key: "name" },
			{ head: t("users.roles"), cell: (r) => roleNames(r.roles) },
			{ head: t("users.appointments"), cell: appointments },
			{ head: t("users.until"), tight: true, cell: ends },
			{ head: t("users.state"), tight: true, cell: (r) =>
				r.locked ? tag("bad", t("users.locked"))
					: tag("good", t("users.open")) },
			...(admin ? [{ head: t("held.acts"), tight: true,
				cell: (r) => h("div", { class: "row" },
					lock(r), renew(r), edit(r),
					code(r), certificate(r)) }] : []),
		],
		none: t("users.none"),
	});

	function did(text) {
		announce("good", text);
		node.reload();
	}

	function lock(r) {
		const name = r.locked ? "unlock" : "lock";

		if (r.name === ctx.me.name)
			return null;
		return h("button", { type: "button", class: r.locked ? null
			: "danger", onclick: async () => {
			const ok = await confirm({
				title: t("users.ask." + name, { name: r.name }),
				happens: [t("users." + name + ".1")],
				act: t("users." + name), danger: !r.locked,
				send: (v, key) => change("POST",
					path`/users/${r.name}/` + name, undefined,
					{ key }),
			});

			if (ok)
				did(t("users.did." + name, { name: r.name }));
		} }, t("users." + name));
	}

	function renew(r) {
		return h("button", { type: "button", onclick: async () => {
			const ok = await confirm({
				title: t("users.ask.renew", { name: r.name }),
				happens: [t("users.renew.1")],
				act: t("users.renew"),
				send: (v, key) => change("POST",
					path`/users/${r.name}/renew`, {}, { key }),
			});

			if (ok)
				did(t("users.did.renew", { name: r.name }));
		} }, t("users.renew"));
	}

	/* Roles and the last day. */
	function edit(r) {
		return h("button", { type: "button", onclick: async () => {
			const ok = await confirm({
				title: t("users.ask.change", { name: r.name }),
				happens: [t("users.change.1")],
				act: t("users.change"),
				fields: [personRoles(ctx.me.node.party, r.roles),
				field({ name: "until", kind: "date", must: true,
					label: t("users.until"),
					value: r.until })],
				send: (v, key) => change("PUT",
					path`/users/${r.name}`, v, { key }),
			});

			if (ok)
				did(t("users.did.change", { name: r.name }));
		} }, t("users.change"));
	}

	/* The secret is shown this once, and kept on no page. */
	function code(r) {
		return h("button", { type: "button", onclick: async () => {
			let made = null;
			const ok = await confirm({
				title: t("users.ask.totp", { name: r.name }),
				happens: [t("users.totp.1"), t("users.totp.2")],
				act: t("users.totp"), danger: true,
				send: async (v, key) => {
					made = await change("POST",
						path`/users/${r.name}/totp`,
						undefined, { key });
				},
			});

			if (ok)
				await ask(t("users.totp.title", { name: r.name }),
					(close) => h("div", { class: "stack" },
						h("p", t("users.totp.once")),
						h("p", h("code", made.secret)),
						h("p", h("code", value(made.uri))),
						h("button", { type: "button",
							onclick: () => close(true) },
						t("users.totp.done"))));
		} }, t("users.totp"));
	}

	/* With which certificate someone signs in, if any. */
	function certificate(r) {
		return h("button", { type: "button", onclick: async () => {
			const ok = await confirm({
				title: t("users.ask.certificate", { name: r.name }),
				act: t("users.certificate"),
				happens: [t("users.certificate.1")],
				fields: [field({ name: "fingerprint", wide: true,
					label: t("users.fingerprint"), max: 64,
					hint: t("users.fingerprint.hint"),
					check: (text) => /^[0-9a-f]{64}$/.test(text)
						? null : t("users.fingerprint.bad") })],
				send: (v, key) => change("POST",
					path`/users/${r.name}/certificate`, v,
					{ key }),
			});

			if (ok)
				did(t("users.did.certificate", { name: r.name }));
		} }, t("users.certificate"));
	}

	/* 異動: open work in bulk. */
	async function transfer() {
		const ok = await confirm({
			title: t("users.transfer.title"),
			act: t("users.transfer"), reason: t("users.why"),
			happens: [t("users.transfer.1"), t("users.transfer.2")],
			fields: ["from", "to"].map((name) => field({ name,
				label: t("users." + name), must: true,
				max: 64 })),
			send: (v, key) => change("POST", "/transfers", v,
				{ key }),
		});

		if (ok)
			did(t("users.transferred"));
	}

	async function add() {
		const ok = await confirm({
			title: t("users.add"), act: t("users.add"),
			happens: [t("users.add.1")],
			fields: [
				field({ name: "name", label: t("login.name"),
					must: true, max: 60, wide: true }),
				personRoles(ctx.me.node.party),
				field({ name: "password", kind: "password",
					raw: true, must: true, wide: true,
					label: t("users.first"),
					hint: t("users.first.hint"),
					autocomplete: "new-password" }),
			],
			send: (v, key) => change("POST", "/users", v, { key }),
		});

		if (ok)
			did(t("users.added"));
	}

	ctx.show({
		lead: t("users.lead"), acts: admin ? [
			ctx.me.node.party === "ward" ? h("button", {
				type: "button", onclick: transfer },
			t("users.transfer")) : null,
			h("button", { type: "button", class: "primary",
				onclick: add }, t("users.add"))] : null,
	}, node);
}
