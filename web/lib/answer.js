/*
 * answer.js — an answer: the holder as the bank has them beside the subject
 * as asked, accounts, transactions as table and chart, other dealings.
 */
import { balance, bar, credits } from "/web/lib/chart.js";
import { h, value } from "/web/lib/dom.js";
import * as I from "/web/lib/items.js";
import { empty, tag } from "/web/lib/say.js";
import { count, table } from "/web/lib/table.js";
import { day, number, t, word, yen } from "/web/lib/strings.js";

/* What differs only in width, spaces and dashes is told apart from what
 * differs: a reader's help, not a judgement. */
function folded(text) {
	return String(text ?? "").normalize("NFKC")
		.replace(/[\s\u3000]/g, "")
		.replace(/[\u2010-\u2015\u2212\u30fc\uff0d\uff70-]/g, "-")
		.replace(I.ADDRESS_WORDS, "-").replace(/-+/g, "-")
		.replace(/-(?![0-9])/g, "");
}

function verdict(asked, held) {
	if (!asked || !held)
		return tag("", t("holder.unknown"));
	if (asked === held)
		return tag("good", t("holder.same"));
	return folded(asked) === folded(held)
		? tag("note", t("holder.folded"))
		: tag("warn", t("holder.differs"));
}

export function holder(subject, items) {
	const shown = I.BOTH.map((item) => ({ item, asked: subject?.[item] ?? "",
		held: items[item] ?? "" }));
	const more = [I.PHONE, I.EMPLOYER, I.EMPLOYER_PHONE, I.CUSTOMER]
		.filter((i) => items[i]).map((item) => ({ item, asked: "",
			held: items[item], only: true }));

	return table({
		caption: t("holder.caption"),
		columns: [
			{ head: t("compare.item"), tight: true, cell: (r) =>
				value(r.item) },
			{ head: t("holder.asked"), cell: (r) => shownAs(r.item,
				r.asked) },
			{ head: t("holder.held"), cell: (r) => shownAs(r.item,
				r.held) },
			{ head: t("holder.verdict"), tight: true, cell: (r) =>
				r.only ? "" : verdict(r.asked, r.held) },
		],
		rows: [...shown, ...more],
	});
}

function shownAs(item, text) {
	return item === I.BIRTH ? day(text) : value(text);
}

function flag(text) {
	return text === "1" ? t("yes") : text === "0" ? t("no") : "";
}

export function accounts(answer) {
	return table({
		caption: t("account.caption"),
		columns: [
			{ head: t("account.branch"), cell: (r) => [
				value(r.items[I.BRANCH] ?? ""), " ",
				value(r.items[I.BRANCH_NAME] ?? "")] },
			{ head: t("account.kind"), tight: true, cell: (r) =>
				word("account.kind", r.items[I.ACCOUNT_KIND]) },
			{ head: t("account.number"), tight: true, cell: (r) =>
				value(r.items[I.ACCOUNT] ?? "") },
			{ head: t("account.balance"), num: true, cell: (r) =>
				yen(r.items[I.BALANCE]) },
			{ head: t("account.last"), tight: true, cell: (r) =>
				day(r.items[I.LAST_DEALING]) },
			{ head: t("account.maturity"), tight: true, cell: (r) =>
				day(r.items[I.MATURITY]) },
			{ head: t("account.salary"), tight: true, cell: (r) =>
				flag(r.items[I.SALARY]) },
			{ head: t("account.pension"), tight: true, cell: (r) =>
				flag(r.items[I.PENSION]) },
			{ head: t("account.rows"), num: true, cell: (r) =>
				count(r.transactions?.length ?? 0) },
		],
		rows: answer.accounts,
	});
}

function kinds(rows) {
	const found = credits(rows);
	const all = found.reduce((n, k) => n + k.sum, 0);

	return found.length === 0 ? null : table({
		caption: t("credits.caption"),
		columns: [
			{ head: t("credits.kind"), cell: (r) => value(r.kind
				|| t("credits.none")) },
			{ head: t("credits.n"), num: true, cell: (r) =>
				count(r.n) },
			{ head: t("credits.sum"), num: true, cell: (r) =>
				yen(r.sum) },
			{ head: t("wave.share"), cell: (r) => bar(r.sum, all) },
		],
		rows: found,
	});
}

function transactions(account) {
	const rows = account.transactions ?? [];
	const name = word("account.kind", account.items[I.ACCOUNT_KIND]) + " "
		+ (account.items[I.ACCOUNT] ?? "");

	if (rows.length === 0)
		return null;
	return h("section", { class: "card stack" },
		h("h3", t("transactions.of", { account: name })),
		h("div", { class: "cols" }, balance(rows.map((r) => ({
			day: r[I.DAY], balance: Number(r[I.BALANCE]) }))),
		kinds(rows)),
		h("details", h("summary", t("transactions.open",
			{ n: number(rows.length) })), table({
			caption: t("transactions.caption"), hideCaption: true,
			columns: [
				{ head: t("transactions.day"), tight: true,
					cell: (r) => day(r[I.DAY]) },
				{ head: t("transactions.out"), num: true,
					cell: (r) => yen(r[I.OUT]) },
				{ head: t("transactions.in"), num: true,
					cell: (r) => yen(r[I.IN]) },
				{ head: t("account.balance"), num: true,
					cell: (r) => yen(r[I.BALANCE]) },
				{ head: t("transactions.remark"), cell: (r) =>
					value(r[I.REMARK] ?? "") },
			],
			rows,
		})));
}

export function others(items) {
	return items.length === 0 ? null : table({
		caption: t("others.caption"),
		columns: [
			{ head: t("others.kind"), tight: true, cell: (r) =>
				word("others.kind", r[I.OTHER_KIND]) },
			{ head: t("others.name"), cell: (r) =>
				value(r[I.OTHER_NAME] ?? "") },
			{ head: t("others.amount"), num: true, cell: (r) =>
				yen(r[I.AMOUNT]) },
			{ head: t("others.units"), num: true, cell: (r) =>
				number(r[I.UNITS]) },
			{ head: t("others.day"), tight: true, cell: (r) =>
				day(r[I.DATE]) },
			{ head: t("transactions.remark"), cell: (r) =>
				value(r[I.REMARK] ?? "") },
		],
		rows: items,
	});
}

/* The whole of an answer. */
export function answerParts(subject, answer, withRows = true) {
	const list = answer.accounts ?? [];

	return [
		Object.keys(answer.items ?? {}).some((i) => I.BOTH.includes(i)
			&& answer.items[i]) ? holder(subject, answer.items) : null,
		list.length ? accounts(answer) : empty(t("account.none")),
		withRows ? list.map(transactions) : null,
		others(answer.others ?? []),
	];
}
