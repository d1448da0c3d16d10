/*
 * api.js — the desk's API: reading, and changing exactly once.
 *
 * A change carries the session's token and a key; the same key sent again
 * (a double click, a lost connection) does it once. A session that has been
 * locked meanwhile is opened again in place, and the request repeated.
 */
const BASE = "/api/v1";
const PATIENCE_MS = 30000;
const LONG_MS = 3600000; /* an import, an export: its progress is told */
const PROGRESS_MS = 1000;

let token = null;
let quiet = 0; /* > 0: nobody has asked, the page reads by itself */
let unlock = null; /* async (problem) → true if the session is open again */

/* kind: "lost" (no answer came) or "problem" (the answer says why). */
export class ApiError extends Error {
	constructor(kind, status, problem) {
		super(problem?.title ?? kind);
		this.kind = kind;
		this.status = status;
		this.code = problem?.code ?? "";
		this.problem = problem ?? {};
	}
}

export function useToken(csrf) {
	token = csrf;
}

export function useUnlock(ask) {
	unlock = ask;
}

export function newKey() {
	return crypto.randomUUID();
}

/* What read() is called for in work, until its first await ends, is the page's
 * own doing: a person who has left is locked out all the same. */
export async function quietly(work) {
	quiet += 1;
	try {
		return work();
	} finally {
		quiet -= 1;
	}
}

async function problemOf(answer) {
	try {
		return await answer.json();
	} catch {
		return { status: answer.status };
	}
}

async function once(method, path, headers, body, patience = PATIENCE_MS) {
	let answer;

	try {
		answer = await fetch(BASE + path, {
			method, headers, body, cache: "no-store",
			credentials: "same-origin",
			signal: AbortSignal.timeout(patience),
		});
	} catch {
		throw new ApiError("lost", 0, null);
	}
	if (!answer.ok) {
		const problem = await problemOf(answer);

		if (answer.headers.get("Retry-After"))
			problem.retry_after = answer.headers.get("Retry-After");
		throw new ApiError("problem", answer.status, problem);
	}
	return answer;
}

function isLocked(e) {
	return e instanceof ApiError && e.status === 401
		&& e.code.startsWith("session.") && e.code !== "session.wrong"
		&& e.code !== "session.totp";
}

async function call(method, path, headers, body, patience) {
	try {
		return await once(method, path, headers(), body, patience);
	} catch (e) {
		if (!isLocked(e) || unlock === null || !await unlock(e))
			throw e;
		return once(method, path, headers(), body, patience);
	}
}

async function content(answer) {
	const type = answer.headers.get("Content-Type") ?? "";

	if (answer.status === 204)
		return null;
	try {
		return await (type.includes("json") ? answer.json()
			: answer.blob());
	} catch { /* cut off in the middle */
		throw new ApiError("lost", 0, null);
	}
}

export async function read(path) {
	const own = quiet > 0 ? { "X-Background": "1" } : {};

	return content(await call("GET", path, () => own, undefined));
}

/* The text of one of the desk's own files. */
export async function file(address) {
	let answer;

	try {
		answer = await fetch(address);
	} catch {
		throw new ApiError("lost", 0, null);
	}
	if (!answer.ok)
		throw new ApiError("problem", answer.status, {});
	return answer.text();
}

let known = null;

/* Is there such a route on this desk? (openapi.json is its own table.) */
export async function serves(route) {
	known ??= read("/openapi.json");
	return Object.keys((await known).paths).some((p) =>
		p.replace(/^\/api\/v1/, "") === route);
}

/* Tells how far the call with that key is, until it is stopped. */
function watch(key, tell) {
	const timer = setInterval(async () => {
		const p = await quietly(() => read("/progress" + query({ key })))
			.catch(() => null);

		if (p?.works)
			tell(p);
	}, PROGRESS_MS);

	return () => clearInterval(timer);
}

/* A change that takes long: tell({done, of}) is called while it is at work
 * (of 0: nobody knows how much there is). */
export async function changeLong(method, path, body, more, tell) {
	const key = more.key ?? newKey();
	const stop = watch(key, tell);

	try {
		return await change(method, path, body,
			{ ...more, key, patience: LONG_MS });
	} finally {
		stop();
	}
}

/* Also for what only reads, but by POST (search). */
export async function change(method, path, body, more = {}) {
	const key = more.key ?? newKey();
	const type = more.type ?? "application/json";
	const text = body === undefined ? undefined
		: more.type ? body : JSON.stringify(body);

	return content(await call(method, path, () => ({
		"X-CSRF-Token": token ?? "",
		"Idempotency-Key": key,
		...(text === undefined ? {} : { "Content-Type": type }),
		...(more.etag ? { "If-Match": more.etag } : {}),
	}), text, more.patience));
}

export async function signIn(name, password, totp) {
	const answer = await once("POST", "/session",
		{ "Content-Type": "application/json" },
		JSON.stringify({ name, password, ...(totp ? { totp } : {}) }));
	const me = await answer.json();

	token = me.csrf_token;
	return me;
}

export async function isUp() {
	try {
		return (await fetch("/healthz", {
			cache: "no-store",
			signal: AbortSignal.timeout(3000),
		})).ok;
	} catch {
		return false;
	}
}

export function query(values) {
	const text = new URLSearchParams();

	for (const [name, value] of Object.entries(values))
		if (value !== undefined && value !== null && value !== "")
			text.set(name, value);
	return text.size === 0 ? "" : "?" + text;
}
