/* roles.js — the roles of a party, as boxes to tick. */
import { choices } from "/web/lib/form.js";
import { t, word } from "/web/lib/strings.js";

/* What a person may be (docs/interface.md §3). */
const OF_PERSON = {
	ward: ["officer", "approver", "admin", "auditor"],
	unit: ["officer", "approver", "admin", "auditor"],
	hub: ["operator", "admin", "auditor"],
	bank: ["clerk", "inspector", "admin", "auditor"],
};

/* What a system may be: decisions and users are a person's. */
const OF_SYSTEM = {
	ward: ["officer", "auditor"], unit: ["officer", "auditor"],
	hub: ["operator", "auditor"], bank: ["clerk", "inspector", "auditor"],
};

function boxes(roles, has) {
	return choices({ name: "roles", kind: "checkbox", must: true,
		label: t("users.roles"), choices: roles.map((r) => ({ value: r,
			text: word("role", r), checked: has.includes(r) })) });
}

/* has: those that are ticked. */
export function personRoles(party, has = []) {
	return boxes(OF_PERSON[party], has);
}

export function systemRoles(party) {
	return boxes(OF_SYSTEM[party], []);
}

/* Their names in a row. */
export function roleNames(roles) {
	return roles.map((r) => word("role", r)).join(t("comma"));
}
