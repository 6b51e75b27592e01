// Reads the documentation in a browser: every page in light on a desktop and in dark on a phone.
//
// No page may reach beyond the server, fail at a request, say anything in the console, scroll sideways, or break a
// rule of WCAG 2.1 A or AA that axe-core knows. The operations of both references are opened with the keyboard,
// tried, and their answers seen. The server is VERTEBRA_URL, and VERTEBRA_KEY opens its editors' side.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.VERTEBRA_CONTRACT_TOOLS}/`);
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const { VERTEBRA_URL: server, VERTEBRA_KEY: key, CHROMIUM: executablePath } = process.env;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const LOOKS = [
    { colorScheme: "light", viewport: { width: 1280, height: 900 } },
    { colorScheme: "dark", viewport: { width: 360, height: 740 } },
];

/** A page of the documentation that notes what must not happen. */
class Reader {
    constructor(page, look) {
        page.setDefaultTimeout(20_000);
        this.page = page;
        this.name = `${look.colorScheme}, ${look.viewport.width} px`;
        this.isPhone = look.viewport.width < 500;
        this.faults = [];
        page.on("console", (message) => this.faults.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => this.faults.push(`script: ${error.message}`));
        page.on("requestfailed", (request) => {
            // What is still under way when the reader goes on to the next page is ended, and has not failed.
            if (request.failure().errorText !== "net::ERR_ABORTED") this.faults.push(`failed: ${request.url()}`);
        });
    }

    static async open(browser, look) {
        const context = await browser.newContext(look);
        await context.route(
            (url) => url.origin !== server,
            (route) => route.abort(),
        );
        await context.addInitScript(axe.source);
        return new Reader(await context.newPage(), look);
    }

    async visit(path) {
        const answer = await this.page.goto(server + path);
        assert.equal(answer.status(), 200, path);
        if (path === "/docs/public" || path === "/docs/admin") await this.page.locator(".opblock").last().waitFor();
    }

    /** Holds what is on the screen now to all rules. */
    async check(what) {
        const found = await this.page.evaluate(async (values) => {
            const { violations } = await globalThis.axe.run(document, { runOnly: values });
            const { scrollWidth, clientWidth } = document.documentElement;
            const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
            return { broken, isWide: scrollWidth > clientWidth };
        }, RULES);
        const faults = [...this.faults, ...found.broken, ...(found.isWide ? ["it scrolls sideways"] : [])];
        assert.deepEqual(faults, [], `${what} (${this.name})`);
    }

    /** Opens an operation and tries it as it is, with the keyboard alone; gives the status and the body. */
    async tryOperation(id) {
        const operation = this.page.locator(`#operations-${id}`);
        const press = (selector) => operation.locator(selector).press("Enter");
        await press(".opblock-summary-control");
        await this.check(`${id}, opened`);
        await press(".try-out__btn");
        await press(".execute");
        const answer = operation.locator(".live-responses-table .response");
        await answer.locator(".highlight-code").first().waitFor();
        return {
            status: Number.parseInt(await answer.locator(".response-col_status").innerText(), 10),
            body: JSON.parse(await answer.locator(".highlight-code pre").first().textContent()),
        };
    }
}

async function readEveryPage(reader) {
    await reader.visit("/docs");
    const links = await reader.page.locator("#navigation a").evaluateAll((all) => all.map((link) => link.pathname));
    assert.ok(links.length > 10 && links.includes("/docs/errors"), links);
    for (const path of ["/docs", ...links]) {
        await reader.visit(path);
        await reader.check(path);
    }
}

/** From the address bar: the skip link, the name, then the navigation; whatever has the focus is marked. */
async function goByKeyboard(reader) {
    const { page, isPhone } = reader;
    const focused = () =>
        page.evaluate(() => {
            const { id, className, parentElement } = document.activeElement;
            const { outlineStyle } = getComputedStyle(document.activeElement);
            return { id, className, inNavigation: parentElement?.closest("nav")?.id === "navigation", outlineStyle };
        });
    await reader.visit("/docs/paging");
    await page.keyboard.press("Tab");
    assert.equal((await focused()).className, "skip");
    await page.keyboard.press("Enter");
    assert.equal((await focused()).id, "content");

    await reader.visit("/docs/paging");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal((await focused()).className, "home");
    await page.keyboard.press("Tab");
    if (isPhone) {
        await page.keyboard.press("Enter");
        await reader.check("the menu");
        await page.keyboard.press("Tab");
    }
    const { inNavigation, outlineStyle } = await focused();
    assert.deepEqual({ inNavigation, outlineStyle }, { inNavigation: true, outlineStyle: "solid" });
    await Promise.all([page.waitForURL("**/docs/quick-start"), page.keyboard.press("Enter")]);
}

async function followTheTypeOfAProblem(reader) {
    const problem = await (await fetch(`${server}/nowhere`)).json();
    await reader.visit(new URL(problem.type, server).href.slice(server.length));
    const row = reader.page.locator("tr:has(:target)");
    assert.match(await row.innerText(), /^not_found\s+404\s+There is nothing here\./);
    await reader.check("a row of the codes");
}

async function tryThePublicReference(reader) {
    await reader.visit("/docs/public");
    const { status, body } = await reader.tryOperation("articles-listArticles");
    assert.deepEqual([status, body.items.length > 1, body.next_cursor], [200, true, null]);
    await reader.check("an answer");
}

async function tryTheEditorsReference(reader) {
    const { page } = reader;
    await reader.visit("/docs/admin");
    await page.locator(".btn.authorize").press("Enter");
    await page.locator(".auth-container input").fill(key);
    await reader.check("the entry of the key");
    await page.locator(".auth-container .authorize").press("Enter");
    await page.locator(".auth-container .btn-done").press("Enter");
    const { status, body } = await reader.tryOperation("keys-listApiKeys");
    assert.deepEqual([status, body.items.map((item) => item.name)], [200, ["Contract tests"]]);
    await reader.check("an answer to a key");

    const kept = () => page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    assert.deepEqual(await kept(), [0, 0, ""], "the key is kept");
    await reader.visit("/docs/admin");
    const without = await reader.tryOperation("keys-listApiKeys");
    assert.deepEqual([without.status, without.body.code], [401, "key_required"]);
}

const browser = await chromium.launch({
    executablePath,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
});
try {
    const steps = [
        readEveryPage,
        goByKeyboard,
        followTheTypeOfAProblem,
        tryThePublicReference,
        tryTheEditorsReference,
    ];
    const run = async (look) => {
        for (const step of steps) {
            const reader = await Reader.open(browser, look);
            await step(reader);
            await reader.page.context().close();
        }
    };
    await Promise.all(LOOKS.map(run));
    console.log(`The documentation reads well: ${steps.length} steps, each in ${LOOKS.length} looks.`);
} finally {
    await browser.close();
}
