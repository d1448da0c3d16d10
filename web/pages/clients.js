/* clients.js — 他システム: which may call this desk, in which roles. */
import { change } from "/web/lib/api.js";
import { ask, confirm } from "/web/lib/dialog.js";
import { h, path, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { roleNames, systemRoles } from "/web/lib/roles.js";
import { announce } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { day, t, time } from "/web/lib/strings.js";

/* The secret, this once. */
function secret(made) {
	return ask(t("clients.secret"), (close) => h("div", { class: "stack" },
		h("p", t("clients.secret.1")),
		h("dl", { class: "pairs" },
			h("dt", "client_id"), h("dd", h("code", made.id)),
			h("dt", "client_secret"),
			h("dd", h("code", made.secret))),
		h("div", { class: "row" }, h("button", { type: "button",
			class: "primary", onclick: () => close(true) },
		t("clients.secret.noted")))));
}

export default function clients(ctx) {
	const admin = ctx.is("admin");
	const node = list({
		caption: t("clients.caption"), hideCaption: true,
		path: "/clients", whole: true,
		columns: [
			{ head: t("clients.name"), key: "name" },
			{ head: "client_id", tight: true, cell: (r) =>
				h("code", r.id) },
			{ head: t("users.roles"), cell: (r) =>
				roleNames(r.roles) },
			{ head: t("users.until"), tight: true, cell: (r) =>
				day(r.until) },
			{ head: t("clients.who"), cell: (r) => [value(r.who), " ",
				time(r.at)] },
			...(admin ? [{ head: t("held.acts"), tight: true,
				cell: drop }] : []),
		],
		none: t("clients.none"),
	});

	function drop(r) {
		return h("button", { type: "button", class: "danger",
			onclick: async () => {
				if (await confirm({
					title: t("clients.ask.drop", { name: r.name }),
					act: t("clients.drop"), danger: true,
					happens: [t("clients.drop.1")],
					send: (v, key) => change("DELETE",
						path`/clients/${r.id}`, undefined,
						{ key }),
				})) {
					announce("good", t("clients.dropped",
						{ name: r.name }));
					node.reload();
				}
			} }, t("clients.drop"));
	}

	async function add() {
		let made = null;

		if (!await confirm({
			title: t("clients.add"), act: t("clients.add"),
			happens: [t("clients.add.1"), t("clients.add.2")],
			fields: [
				field({ name: "name", label: t("clients.name"),
					must: true, max: 60, wide: true }),
				systemRoles(ctx.me.node.party),
			],
			send: async (v, key) => {
				made = await change("POST", "/clients", v,
					{ key });
			},
		}))
			return;
		node.reload();
		/* Sent twice, it is told that it was done, not the secret. */
		if (made?.secret)
			await secret(made);
	}

	ctx.show({
		lead: t("clients.lead"), acts: admin ? [h("button", {
			type: "button", class: "primary", onclick: add },
		t("clients.add"))] : null,
	}, node);
}
