/*
 * strings.js — every word of the pages stands in strings/LANG.json; this
 * looks them up, and writes numbers, days and times as the language does.
 */
import { plain } from "/web/lib/marks.js";

let table = {};
let language = "ja";

export async function load() {
	language = document.documentElement.lang === "en" ? "en" : "ja";
	const answer = await fetch("/web/strings/" + language + ".json");

	table = await answer.json();
}

export function lang() {
	return language;
}

export function speak(next) {
	localStorage.setItem("lang", next);
	location.reload();
}

export function has(key) {
	return Object.hasOwn(table, key);
}

/* The text of a key; {name} in it is replaced. A key that is not there is
 * shown as such: a test looks for the brackets. */
export function t(key, values = {}) {
	if (!has(key)) {
		console.error("no text for " + key);
		return "⟦" + key + "⟧";
	}
	return table[key].replace(/\{(\w+)\}/g, (whole, name) =>
		Object.hasOwn(values, name) ? plain(values[name]) : whole);
}

/* A word of the program's own list, or as it came if the list is longer
 * than ours. */
export function word(group, code) {
	const key = group + "." + code;

	return has(key) ? t(key) : String(code ?? "");
}

/* Of two texts in both languages, the one that is read. */
export function both(ja, en) {
	return language === "en" ? en ?? ja : ja ?? en;
}

function locale() {
	return language === "en" ? "en-GB" : "ja-JP";
}

export function number(n) {
	return n === null || n === undefined || n === "" ? ""
		: Number(n).toLocaleString(locale());
}

export function yen(n) {
	return n === null || n === undefined || n === "" ? ""
		: t("yen", { n: number(n) });
}

/* Days come as YYYY-MM-DD, also with unknown parts (00): never through
 * Date, which would move them. */
export function day(text) {
	const m = /^(\d{4})-(\d\d)-(\d\d)/.exec(text ?? "");

	if (!m)
		return text ?? "";
	if (m[1] === "0000")
		return t("day.unknown");
	if (m[2] === "00")
		return t("day.year", { y: m[1] });
	if (m[3] === "00")
		return t("day.month", { y: m[1], m: m[2] });
	return t("day.form", { y: m[1], m: m[2], d: m[3] });
}

/* A moment, in the node's own offset, which is in the text. */
export function time(text) {
	const m = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?/.exec(text ?? "");

	return m ? day(m[1]) + " " + m[2] : text ?? "";
}

export function clock(text) {
	const m = /T(\d\d:\d\d:\d\d)/.exec(text ?? "");

	return m ? m[1] : "";
}
