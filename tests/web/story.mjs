/*
 * story.mjs — the whole story in the browser: select, request, approve,
 * check, watch, read, print. Once by mouse, once by keyboard alone. Everything
 * is found by its role and label.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { api, check, config, follow, go, press, ready, signedIn, signIn, T, tabTo,
	terminal, until } from "./lib.mjs";

/* What the story leaves for the other parts. */
export const told = { wave: null, inquiry: null };

const button = (page, key) => page.getByRole("button", { name: T(key),
	exact: true });
const dialog = (page) => page.getByRole("dialog");

const tab = (page, key) => page.getByRole("navigation", {
	name: T("wave.tabs") }).getByRole("link", { name: T(key), exact: true });

async function clean(page, name) {
	check(name + ".no_script_error", page.wrong.length === 0,
		page.wrong.join(" | "));
}

/* A ward on its first day: nothing is there, and each page says so. */
async function firstDay(page) {
	for (const [address, key] of [["/waves", "waves.none"],
		["/subjects", "subjects.empty"], ["/stops", "stops.none"],
		["/checks", "checks.none.waiting"],
		["/carries", "carries.none"], ["/refusals", "refusals.none"]]) {
		await go(page, address);
		check("first_day.empty" + address, await page.locator("main").getByText(T(key),
			{ exact: true }).first().isVisible());
	}
}

async function importSubjects(page) {
	await follow(page, page.getByRole("link", { name: "照会対象者の取込み" }).first());
	await page.getByLabel(T("import.file")).setInputFiles(config.broken);
	await button(page, "import.look").click();
	await page.getByRole("heading", { name: T("import.preview") }).waitFor();
	check("import.preview_shows_line", await page.getByRole("row", {
		name: /^8/ }).filter({ hasText: "subjects.unknown_code" })
		.count() === 1,
	await page.locator("main").innerText());
	await go(page, "/subjects");
	check("import.preview_imports_nothing", await page.locator("main").getByText(
		T("subjects.empty")).first().isVisible());

	await go(page, "/subjects/import");
	await page.getByLabel(T("import.file")).setInputFiles(config.subjects);
	await button(page, "import.look").click();
	await page.getByRole("heading", { name: T("import.preview") }).waitFor();
	check("import.refuses_marks_that_turn", (await page.getByRole("row")
		.filter({ hasText: "subjects.bad_utf8_char" }).allInnerTexts())
		.join().includes("U+202E"));
	await page.getByRole("button", { name: /取り込む$/ }).click();
	await page.getByRole("heading", { name: T("import.result") }).waitFor();
	await go(page, "/subjects");
	check("import.subjects_are_there", await page.getByRole("row").count()
		=== 51);
}

/* A rule is kept by name and chosen again. */
async function keepRule(page) {
	const name = "<b>=1+1</b>";
	const age = page.getByLabel(T("new.age"));

	await age.fill("90");
	await button(page, "selection.keep").click();
	await dialog(page).getByLabel(T("selection.name")).fill(name);
	await dialog(page).getByRole("button", { name: T("selection.keep") })
		.click();
	await page.getByText(T("selection.kept", { name })).first().waitFor();
	await age.fill("");
	await page.getByLabel(T("selection.choose")).selectOption("");
	await page.getByLabel(T("selection.choose")).selectOption(name);
	check("draft.rule_comes_back", await age.inputValue() === "90");
	await button(page, "selection.forget").click();
	check("draft.rule_goes_by_name", (await dialog(page).innerText())
		.includes(name));
	await dialog(page).getByRole("button", { name: T("selection.forget") })
		.click();
	await page.getByText(T("selection.forgotten", { name })).first()
		.waitFor();
	await age.fill("");
}

async function draft(page) {
	await follow(page, page.getByRole("link", { name: "新しい照会の起案" }));
	await button(page, "new.act").click();
	const summary = page.getByRole("alert");

	check("draft.says_what_is_missing", (await summary.innerText())
		.includes(T("form.empty")));
	await page.getByLabel(T("new.name")).fill("令和8年度 第1回一斉照会");
	for (const box of await page.getByRole("group", {
		name: T("new.basis") }).getByRole("checkbox").all()) {
		const text = await box.evaluate((x) =>
			x.closest("label").innerText);

		if (/第331条|第463条の27|第79条の2/.test(text))
			await box.check();
	}
	await page.getByRole("radio", { name: T("scope.detail") }).check();
	await page.getByLabel(new RegExp("^" + T("new.base"))).fill("2026-10-01");
	await page.getByLabel(new RegExp("^" + T("new.from"))).fill("2025-10-01");
	await page.getByLabel(new RegExp("^" + T("new.to"))).fill("2026-09-30");
	await keepRule(page);
	/* A double click drafts one wave. */
	await button(page, "new.act").dblclick();
	await page.waitForURL(/\/waves\/\w{3}\/sheet$/);
	await ready(page);
	const wave = /waves\/(\w{3})/.exec(page.url())[1];

	check("draft.sheet_prints_the_law", (await page.getByRole("article")
		.innerText()).includes("国税徴収法"));
	return wave;
}

/* before: so many waves there were. */
async function submit(page, wave, before = 0) {
	await button(page, "wave.do.submit").click();
	check("submit.asks_first", (await dialog(page).innerText()).includes(
		T("wave.submit.2")));
	await dialog(page).getByRole("button", { name: T("wave.do.submit") })
		.dblclick();
	await page.locator("main").getByText(T("wave.did.submit", { wave })).first().waitFor();
	check("submit.requester_cannot_approve", await button(page,
		"wave.do.approve").count() === 0);
	await go(page, "/waves");
	check("draft.double_click_drafts_once", await page.getByRole("row")
		.count() === before + 2,
	await page.getByRole("table").innerText());
}

/* A print says what it is for. */
async function printIt(page, name) {
	await button(page, "act.print").click();
	await dialog(page).getByLabel(T("print.purpose")).fill("協議のため");
	await dialog(page).getByRole("button", { name: T("act.print") }).click();
	await dialog(page).waitFor({ state: "detached" });
	await page.waitForFunction(() => window.printed > 0);
	check(name, await page.evaluate(() => window.printed === 1));
}

/* Sheets of A4 that a page takes on paper. */
async function sheets(page) {
	const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });

	return (pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length;
}

async function approve(page, wave) {
	await follow(page, page.getByRole("link", { name: new RegExp("^" + T("home.awaiting")) }));
	await follow(page, page.getByRole("link", { name: wave, exact: true }));
	await follow(page, tab(page, "wave.tab.sheet"));
	await printIt(page, "approve.sheet_prints");
	check("approve.is_one_sheet_of_A4", await sheets(page) === 1);
	await button(page, "wave.do.approve").click();
	await dialog(page).getByRole("button", { name: T("wave.do.approve") })
		.click();
	await page.locator("main").getByText(T("wave.did.approve", { wave })).first().waitFor();
}

/* The checks ⑤ and ⑮ as they come, until the wave has nothing pending. */
async function checks(page, wave, act) {
	let done = 0;
	let directions = "";

	await until("the wave is complete", async () => {
		await go(page, "/checks");
		const rows = page.getByRole("row").filter({ hasText: wave });

		if (await rows.count() > 0) {
			directions += await rows.first().innerText();
			await act(page, rows.first());
			done += 1;
			return false;
		}
		await go(page, "/waves/" + wave);
		const text = await page.locator("main").innerText();

		return text.includes(T("wave.state.closed"));
	});
	check("checks.both_ways", directions.includes("⑤")
		&& directions.includes("⑮"), directions);
	return done;
}

async function byMouse(page, row) {
	await row.getByRole("button", { name: T("check.approve") }).click();
	await dialog(page).getByRole("button", { name: T("check.approve") })
		.click();
	await dialog(page).waitFor({ state: "detached" });
}

async function watch(page, wave) {
	await go(page, "/waves/" + wave);
	const text = await page.locator("main").innerText();

	check("watch.totals_equal_subjects", /合計は、対象者 \d+ × 照会先 4/
		.test(text), text.slice(0, 400));
	check("watch.all_steps", await page.getByRole("list").filter({
		hasText: "⑲" }).count() >= 1);
	/* A party tells its steps once a second: the last ones follow. */
	await until("each step has its time", async () => {
		await go(page, "/waves/" + wave);
		return !(await page.locator(".steps").allInnerTexts()).join()
			.includes("\n―");
	});
	check("watch.times_of_all_steps",
		await page.locator(".steps").count() === 2);
}

async function readAnswers(page, wave) {
	await follow(page, tab(page, "wave.tab.answers"));
	await page.getByLabel(T("answer.class")).selectOption("found");
	await page.waitForURL(/class=found/);
	await ready(page);
	const first = page.getByRole("rowheader").getByRole("link").first();

	told.inquiry = await first.innerText();
	await follow(page, first);
	for (const key of ["holder.caption", "account.caption",
		"inquiry.sent"])
		check("read." + key, await page.locator("main").getByText(T(key)).first()
			.isVisible());
	const charts = page.getByRole("img", { name: /残高の推移/ });

	check("read.chart_or_no_rows", await charts.count() > 0
		|| await page.locator("main").getByText(T("transactions.caption")).count() === 0);
	await follow(page, page.locator("dd").getByRole("link").first());
	check("read.history", await page.getByRole("link", {
		name: told.inquiry }).isVisible());
	await follow(page, page.getByRole("link", { name: T("report.title") }));
	await printIt(page, "read.report_prints");
	await go(page, "/waves/" + wave + "/results");
	check("read.list_of_results", await page.getByRole("row").count() > 50);
	await printIt(page, "read.results_print");
	const { json } = await api(page, "GET", "/waves/" + wave);

	check("read.all_results_are_on_paper", await page.locator(
		".paper-only tbody tr").count() === json.subjects, json.subjects);
	check("read.results_say_how_many", (await page.locator(".paper-only")
		.textContent()).includes(T("results.whole", {
		n: json.subjects })));
	await exportZip(page, wave);
}

const ZIP_PASSWORD = "x".repeat(12);

function seven(...args) {
	return spawnSync("7z", args, { encoding: "utf8" });
}

/* A cell as RFC 4180 writes it. */
function inCsv(text) {
	return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"'
		: text;
}

/* A name made to mislead is in the files as it is, and does nothing there. */
function hostileInside(csv, cells) {
	const names = config.hostile.map(([, , kanji]) => kanji).filter((x) =>
		!/\u202e/.test(x));

	for (const name of names)
		check("export.hostile_name_is_text", csv.includes("," + inCsv(
			/^[=+@-]/.test(name) ? "'" + name : name) + ","), name);
	check("export.hostile_name_in_the_sheet", names.every((x) =>
		cells.includes("<t>" + x.replaceAll("&", "&amp;")
			.replaceAll("<", "&lt;").replaceAll(">", "&gt;")
			+ "</t>")));
}

/* What has been saved: encrypted, opened by 7-Zip with its password alone;
 * a name that a spreadsheet would run is only text in it. */
function exported(file, wave) {
	const into = path.join(config.folder, "export-" + wave);
	const read = (name) => fs.readFileSync(path.join(into, name));
	const list = seven("l", "-slt", file).stdout;

	check("export.is_aes_256", (list.match(/^Method = AES-256/gm) ?? [])
		.length === 4, list);
	check("export.needs_its_password", seven("x", "-y", "-pwrong",
		"-o" + into + "-wrong", file).status !== 0);
	const opened = seven("x", "-y", "-p" + ZIP_PASSWORD, "-o" + into, file);

	check("export.opens_in_7-zip", opened.status === 0, opened.stdout);
	const text = read("answers.csv").toString("utf8");

	check("export.csv_has_its_mark_and_heading", text.startsWith(
		"\ufeff宛名番号,回答分類,"), text.slice(0, 60));
	for (const name of ["transactions.csv", "others.csv"])
		check("export.csv_of_" + name, read(name).toString("utf8")
			.startsWith("\ufeff管理番号,"));
	check("export.no_cell_of_a_csv_runs", !/(^|,)"?[=+@]/m.test(text));
	const cells = seven("x", "-so", path.join(into, "answers.xlsx"),
		"xl/worksheets/sheet1.xml").stdout;

	check("export.no_cell_of_the_sheet_runs", cells.includes("<sheetData>")
		&& !cells.includes("<f>"), cells.slice(0, 200));
	hostileInside(text, cells);
	for (const folder of [into, into + "-wrong"])
		fs.rmSync(folder, { recursive: true, force: true });
}

/* 持出し: an encrypted ZIP, entered with its purpose. */
async function exportZip(page, wave) {
	await go(page, "/waves/" + wave + "/export");
	await page.getByLabel(T("export.purpose")).fill("登録のため");
	await page.getByLabel(T("export.password")).fill(ZIP_PASSWORD);
	const coming = page.waitForEvent("download");

	await button(page, "export.act").click();
	const file = await (await coming).path();

	exported(file, wave);
	await go(page, "/takeouts");
	check("export.is_entered", await page.getByRole("row").filter({
		hasText: "登録のため" }).count() === 1);
	/* The sheet, a report, the list of results. */
	check("print.each_is_entered", await page.getByRole("row").filter({
		hasText: "協議のため" }).count() === 3,
	await page.locator("main").innerText());
}

/* Another officer's page stands open and follows: it is never read anew. */
async function standing(wave) {
	const page = await signedIn("ward", "officer1");

	await go(page, "/waves/" + wave);
	await page.evaluate(() => {
		window.stayed = true;
	});
	return page;
}

async function followed(page) {
	await page.locator("main").getByText(T("wave.state.closed"))
		.first().waitFor();
	await page.waitForFunction((none) => !document.querySelector(".steps")
		.innerText.includes(none), T("step.todo"));
	check("watch.open_page_follows", await page.evaluate(() =>
		window.stayed === true));
	await clean(page, "standing");
	await page.context().close();
}

/* Both officers, from what was imported to what was taken out. */
async function oneWave(page, before) {
	const wave = await draft(page);

	told.wave = wave;
	await submit(page, wave, before);
	/* Quick change of user on the same terminal. */
	await button(page, "shell.leave").click();
	await page.waitForURL(/\/login/);
	await signIn(page, "officer2");
	const other = await standing(wave);

	await approve(page, wave);
	const n = await checks(page, wave, byMouse);

	await followed(other);
	check("checks.each_file_both_ways", n === 4, n);
	await watch(page, wave);
	await readAnswers(page, wave);
	await clean(page, "mouse");
}

/* Who has only read README, with what script/demo has printed. */
export async function newcomer() {
	const page = await terminal("ward");

	await signIn(page, "officer1");
	await oneWave(page, 1);
	await page.context().close();
}

export async function byMouseAll() {
	const page = await terminal("ward");

	await signIn(page, "officer1");
	await firstDay(page);
	await importSubjects(page);
	await oneWave(page, 0);
	await page.context().close();
}

/* --- the same with nothing but keys --- */

async function typeInto(page, label, text) {
	await tabTo(page, page.getByLabel(label, { exact: false }).first());
	await page.keyboard.press("Control+A");
	await page.keyboard.type(text);
}

async function keySignIn(page, name) {
	await go(page, "/login");
	await page.keyboard.type(name);
	await page.keyboard.press("Tab");
	await page.keyboard.type(config.password);
	await page.keyboard.press("Enter");
	await page.waitForURL((u) => u.pathname !== "/login");
	await ready(page);
}

async function keyDraft(page) {
	await press(page, page.getByRole("link", { name: "新しい照会の起案" }));
	await page.waitForURL(/new$/);
	await ready(page);
	await typeInto(page, T("new.name"), "個別照会");
	for (const box of await page.getByRole("group", { name: T("new.basis") })
		.getByRole("checkbox").all()) {
		const text = await box.evaluate((x) =>
			x.closest("label").innerText);

		if (/第331条|第463条の27|第79条の2/.test(text))
			await press(page, box, "Space");
	}
	await tabTo(page, page.getByRole("radio", {
		name: T("scope.balance") }));
	await page.keyboard.press("ArrowUp");
	await press(page, page.locator("main").getByText(T("new.picks.open")));
	await typeInto(page, T("new.picks"), config.hostile[0][0] + ","
		+ config.hostile[3][0]);
	for (const code of ["9601", "9603", "9604"])
		await press(page, page.getByRole("checkbox", {
			name: new RegExp("^" + code) }), "Space");
	await press(page, button(page, "new.act"));
	await page.waitForURL(/\/waves\/\w{3}\/sheet$/);
	await ready(page);
	return /waves\/(\w{3})/.exec(page.url())[1];
}

async function keyConfirm(page, key) {
	await press(page, button(page, key));
	await dialog(page).waitFor();
	await press(page, dialog(page).getByRole("button", { name: T(key) }));
}

async function byKeys(page, row) {
	await press(page, row.getByRole("button", { name: T("check.approve") }));
	await dialog(page).waitFor();
	/* Escape does nothing; then the deed. */
	await page.keyboard.press("Escape");
	await dialog(page).waitFor({ state: "detached" });
	await page.keyboard.press("Enter");
	await dialog(page).waitFor();
	await press(page, dialog(page).getByRole("button", {
		name: T("check.approve") }));
	await dialog(page).waitFor({ state: "detached" });
}

export async function byKeyboardAll() {
	const page = await terminal("ward");

	await keySignIn(page, "officer1");
	await page.keyboard.press("Tab");
	check("keys.skip_link_first", await page.evaluate(() =>
		document.activeElement.getAttribute("href")) === "#main");
	const wave = await keyDraft(page);

	await keyConfirm(page, "wave.do.submit");
	await page.locator("main").getByText(T("wave.did.submit", { wave })).first().waitFor();
	await press(page, button(page, "shell.leave"));
	await page.waitForURL(/\/login/);
	await keySignIn(page, "officer2");
	await go(page, "/waves/" + wave + "/sheet");
	await keyConfirm(page, "wave.do.approve");
	await page.locator("main").getByText(T("wave.did.approve", { wave })).first().waitFor();
	const n = await checks(page, wave, byKeys);

	check("keys.checked_both_ways", n === 2, n);
	/* Rows by arrows. */
	await go(page, "/waves/" + wave + "/answers");
	await tabTo(page, page.getByRole("rowheader").getByRole("link").first());
	await page.keyboard.press("End");
	await page.keyboard.press("Home");
	await page.keyboard.press("Enter");
	await page.waitForURL(/inquiries/);
	await ready(page);
	check("keys.reads_the_answer", await page.getByRole("heading", {
		level: 1 }).innerText().then((x) => x.includes("照会")));
	await clean(page, "keys");
	await page.context().close();
}
