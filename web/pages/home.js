/* home.js — what is to be done today, by party. */
export default async function home(ctx) {
	const module = await import("/web/pages/home_" + ctx.me.node.party
		+ ".js");

	await module.default(ctx);
}
