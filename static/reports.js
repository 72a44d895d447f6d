// @ts-check
/* Days begin at the reader's midnight: tells the server which time zone this browser is in, once. */
(() => {
  "use strict";

  const COOKIE = "hd_tz";
  const YEAR = 365 * 24 * 3600;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const told = () => document.cookie.split("; ").includes(`${COOKIE}=${zone}`);

  if (!/^[\w+\-/]{1,64}$/.test(zone) || told()) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: one plain value, and every browser has this
  document.cookie = `${COOKIE}=${zone}; path=/reports; max-age=${YEAR}; samesite=lax${secure}`;
  const asked = new URLSearchParams(location.search).has("tz");
  // Where cookies are blocked this page stays as it is, in UTC, and says so.
  if (told() && !asked && document.body.dataset.zone !== zone) location.reload();
})();
