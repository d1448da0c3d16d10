/* strings.mjs — the string tables are whole, and no word stands elsewhere. */
import fs from "node:fs";
import path from "node:path";
import { check, pages, WEB } from "./lib.mjs";

const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff\uff01-\uff9f]/u;

function files(folder, ending) {
	return fs.readdirSync(path.join(WEB, folder)).filter((f) =>
		f.endsWith(ending)).map((f) => path.join(folder, f));
}

/* Comments may speak Japanese; what is shown may not stand in code. */
function withoutComments(text) {
	return text.replace(/\/\*[\s\S]*?\*\//g, "");
}

function keysOf(text) {
	return [...text.matchAll(/\bt\(\s*"([^"]+)"(?!\s*\+)/g)].map((m) => m[1]);
}

/* Each page's help is a section of its own in both manuals. */
function manuals() {
	const sections = (lang) => [...fs.readFileSync(path.join(WEB, "manual",
		lang + ".md"), "utf8").matchAll(/^## (\d+)\. /gm)].map((m) =>
		Number(m[1]));
	const [ja, en] = [sections("ja"), sections("en")];

	check("manual.numbered", ja.every((n, i) => n === i + 1), ja);
	check("manual.same_sections", ja.join() === en.join(), en);
	for (const p of pages)
		check("manual.section_of_page", ja.includes(p.help), p.page);
	for (const n of ja)
		check("manual.section_is_of_a_page", n === 12 || n === 13
			|| pages.some((p) => p.help === n), n);
}

export function strings() {
	const table = (lang) => JSON.parse(fs.readFileSync(path.join(WEB,
		"strings", lang + ".json"), "utf8"));
	const [ja, en] = [table("ja"), table("en")];
	const scripts = ["main.js", "theme.js", ...files("lib", ".js"),
		...files("pages", ".js")];
	const used = new Set();

	check("tables.same_keys", JSON.stringify(Object.keys(ja))
		=== JSON.stringify(Object.keys(en)));
	check("tables.no_empty", Object.values({ ...ja, ...en })
		.every((x) => x !== ""));
	for (const name of Object.keys(ja)) {
		const holes = (x) => (x.match(/\{\w+\}/g) ?? []).sort().join();

		check("tables.same_holes", holes(ja[name]) === holes(en[name]),
			name);
	}
	for (const file of scripts) {
		const text = fs.readFileSync(path.join(WEB, file), "utf8");
		const code = withoutComments(text);

		keysOf(code).forEach((k) => used.add(k));
		if (file !== path.join("lib", "items.js"))
			check("scripts.no_japanese", !JAPANESE.test(code), file
				+ ": " + code.match(JAPANESE)?.[0]);
		check("scripts.no_markup", !/innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function/
			.test(code), file);
		check("scripts.lines", text.split("\n").length <= 900, file);
	}
	for (const key of used)
		check("tables.has", Object.hasOwn(ja, key), key);
	const html = fs.readFileSync(path.join(WEB, "index.html"), "utf8");

	check("html.nothing_inline", !/<script>|<style|style=|\son\w+=/.test(html));
	check("html.nothing_from_elsewhere", !/(src|href)="(?!\/web\/)/.test(html));
	for (const file of files("pages", ".js")) {
		const code = fs.readFileSync(path.join(WEB, file), "utf8");
		const name = path.basename(file, ".js");

		/* What has an entry for its prints shows personal data. */
		if (/\benterPrint\(/.test(code))
			check("print.personal_page", pages.find((p) =>
				p.module === name)?.personal === true, file);
	}
	manuals();
	for (const file of files("style", ".css")) {
		const text = fs.readFileSync(path.join(WEB, file), "utf8");

		check("style.nothing_from_elsewhere",
			!/@import|url\(/.test(text), file);
	}
}
