/**
 * Plays sign-in, check, verdict and inbox in Firefox on a running demo, and fails on any complaint of its console.
 *
 *     geo-service demo &
 *     npm install --no-save puppeteer-core@25.16.0
 *     xvfb-run -a node scripts/firefox_day.mjs http://127.0.0.1:8000
 *
 * Playwright drives builds of its own only; this is Debian's `firefox-esr`, by WebDriver BiDi. Without a display (Xvfb) Firefox has no WebGL, so no map.
 */
import puppeteer from "puppeteer-core";

const WAIT_MS = 120_000;
const service = process.argv[2] ?? "http://127.0.0.1:8000";
/** @type {string[]} */
const complaints = [];
const started = Date.now();

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  headless: !process.env.DISPLAY,
  protocolTimeout: 2 * WAIT_MS,
  env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: "1" },
  extraPrefsFirefox: { "intl.accept_languages": "nl-BE,nl", "webgl.force-enabled": true, "security.sandbox.content.level": 0 },
});
const page = await browser.newPage();
page.setDefaultTimeout(WAIT_MS);
await page.setViewport({ width: 1440, height: 900 });
page.on("console", (message) => ["error", "warn"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));

/** @param {string} step */
const say = (step) => console.log(`${((Date.now() - started) / 1000).toFixed(1)} s  ${step}`);

try {
  say(await browser.version());
  await page.goto(`${service}/login`);
  await Promise.all([page.waitForNavigation(), page.click("button[value=coordinator]")]);
  await page.waitForSelector("main h1");
  say("signed in");
  await page.waitForNetworkIdle({ concurrency: 1 });
  await page.goto(`${service}/kaart`);
  await page.locator(".examples a").click();
  await page.waitForSelector("[data-verdict=wait]");
  say(await page.$eval("[data-verdict] strong", (title) => title.textContent ?? ""));
  const canvas = await page.waitForSelector(".kaart .maplibregl-canvas, .nomap");
  const isMap = await canvas?.evaluate((one) => one.tagName === "CANVAS");
  if (isMap) await page.waitForFunction(() => /\d/.test(document.querySelector(".kaart > [role=status]")?.textContent ?? ""));
  say(isMap ? "the map is drawn" : "no WebGL: the page does without its map");
  await page.waitForNetworkIdle({ concurrency: 1 }); // the stream of events stays; what is left half loaded is a complaint of the console
  await page.goto(`${service}/afstemming`);
  await page.locator("a[data-case]").click();
  await page.waitForSelector(".timeline, .figures");
  say("a case of the inbox is open");
} finally {
  await browser.close();
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
