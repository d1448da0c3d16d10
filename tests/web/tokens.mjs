/*
 * tokens.mjs — the values of the style sheets are those of デジタル庁デザイン
 * システム (design-tokens.tsv, kept beside this file: nothing is asked of the
 * net), or derived from them as it is said beside them.
 */
import fs from "node:fs";
import path from "node:path";
import { check, WEB } from "./lib.mjs";

const SHEETS = ["base", "shell", "parts", "print"];
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\(|:\s*(?:white|black|red|green|blue|gr[ae]y|yellow|orange)\b/i;

/* What a property may be, beside 0, auto and inherit. */
const RULES = [
	[/^font-size$/, /^(var\(--dads-font-\d+\)|var\(--paper-(font|table)\)|100%)$/],
	[/^line-height$/, /^var\(--dads-line-\d+\)$/],
	[/^font-weight$/, /^var\(--dads-weight-\d+\)$/],
	[/^border-radius$/, /^var\(--dads-radius-\d+\)$/],
	[/^font-family$/, /^var\(--(sans|mono)\)$/],
	[/^(padding|margin|gap|row-gap|column-gap)(-.*)?$/,
		/^((0|auto|var\(--s\d\)|calc\(-1 \* var\(--s\d\)\)) ?)+$/],
];

const theirs = new Map(fs.readFileSync(new URL("design-tokens.tsv",
	import.meta.url), "utf8").split("\n").filter((line) =>
	/^[a-z0-9-]+\t/.test(line)).map((line) => line.split("\t")));

/* The name in the package of what we call --dads-NAME. */
function theirName(name) {
	const [kind, step] = name.split("-");

	return {
		white: "color-neutral-white", black: "color-neutral-black",
		gray: "color-neutral-solid-gray-" + step,
		shade: "color-neutral-opacity-gray-" + step,
		font: "font-size-" + step, line: "line-height-" + step,
		weight: "font-weight-" + step, radius: "border-radius-" + step,
	}[kind] ?? "color-primitive-" + name;
}

function channels(colour) {
	return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

/* A with n parts of a hundred of B. */
function mix(a, b, n) {
	const [x, y] = [channels(a), channels(b)];

	return "#" + x.map((c, i) => Math.floor(c + (y[i] - c) * n / 100 + 0.5)
		.toString(16).padStart(2, "0")).join("");
}

function tokens(text) {
	const own = [...text.matchAll(/^\t--dads-([a-z0-9-]+): ([^;]+);/gm)];

	check("tokens.there_are_some", own.length > 50, own.length);
	for (const [, name, value] of own)
		check("tokens.are_theirs", theirs.get(theirName(name)) === value,
			name + ": " + value);
	/* Every other colour is named, or mixed of two of theirs. */
	for (const line of text.split("\n")) {
		const [, value] = /^\t--(?!dads-)[a-z0-9-]+: ([^;]+);/.exec(line)
			?? [];
		const [, a, b, n] = /\/\* mix (\S+) (\S+) (\d+): \S/.exec(line)
			?? [];

		if (!value || !COLOUR.test(":" + value))
			continue;
		check("tokens.derived", a && mix(theirs.get(theirName(a)),
			theirs.get(theirName(b)), Number(n)) === value, line);
	}
	return own.map(([, name]) => name);
}

function declarations(text) {
	return [...text.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(
		/^\s*([a-z-]+):\s*([^;{}]+);/gm)].map(([, name, value]) =>
		[name, value.replace(/\s+/g, " ").trim()]);
}

function sheet(name, text) {
	for (const [property, value] of declarations(text)) {
		const rule = RULES.find(([of]) => of.test(property));
		/* The margin of a sheet of paper, where var() means nothing. */
		const paper = name === "print" && property === "margin"
			&& /^[0-9m ]+$/.test(value);

		check("style.no_colour_of_its_own",
			!COLOUR.test(":" + value), name + " " + property + ": "
				+ value);
		if (rule && !paper)
			check("style.of_the_scale", /^(0|auto|inherit)$/
				.test(value) || rule[1].test(value),
			name + " " + property + ": " + value);
	}
}

export function designTokens() {
	const read = (name) => fs.readFileSync(path.join(WEB, "style",
		name + ".css"), "utf8");
	const own = read("tokens");
	const names = tokens(own);
	const all = SHEETS.map(read);

	check("tokens.table_is_whole", theirs.size > 180, theirs.size);
	SHEETS.forEach((name, i) => sheet(name, all[i]));
	for (const name of names)
		check("tokens.used", (own + all.join()).includes("var(--dads-"
			+ name + ")") || own.includes("mix " + name + " ")
			|| own.includes(" " + name + " "), name);
	/* Fonts of the terminal: Japanese ones, none that is sent to it. */
	check("tokens.japanese_fonts_of_the_system",
		/--sans: "Noto Sans JP"[^;]*Meiryo[^;]*sans-serif;/.test(own)
		&& ![own, ...all].some((x) => /@font-face/.test(x)));
	/* Both themes say the same names: no role is left to the other. */
	const roles = (theme) => [...new RegExp(":root\\[data-theme=\"" + theme
		+ "\"\\] \\{([^}]*)\\}").exec(own)[1].matchAll(/--[a-z0-9-]+/g)]
		.map(String).filter((x) => !x.startsWith("--dads-"));

	check("tokens.both_themes_are_whole", roles("light").length > 25
		&& roles("light").join() === roles("dark").join(),
	roles("dark").join());
}
