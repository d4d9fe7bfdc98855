/** The mark of Tributary: three streams that run into one. Drawn once, as an SVG. */
export const markSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#07506e"/>
<g fill="none" stroke-linecap="round" stroke-width="3">
<path d="M5.5 8C12 8 11 16 17 16" stroke="#7fd4ea"/>
<path d="M5.5 24C12 24 11 16 17 16" stroke="#63dcb8"/>
<path d="M5.5 16H26.5" stroke="#fff"/>
</g>
</svg>`;

/** For the tab of the browser and the corner of the page. */
export const markDataUri = `data:image/svg+xml,${encodeURIComponent(markSvg.replaceAll('\n', ''))}`;
