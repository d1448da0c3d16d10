/* theme.js — the theme and the language, before anything is drawn. */
"use strict";
(function () {
	const root = document.documentElement;
	const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
	let theme = null;
	let lang = null;

	try {
		theme = localStorage.getItem("theme");
		lang = localStorage.getItem("lang");
	} catch {
		/* No storage: what the terminal prefers. */
	}
	root.dataset.theme = theme === "dark" || theme === "light" ? theme
		: dark ? "dark" : "light";
	root.lang = lang === "en" ? "en" : "ja";
})();
