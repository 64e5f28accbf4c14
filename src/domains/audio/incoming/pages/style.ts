/** What these pages need beyond the studio's own sheet. */
export const STYLE = `
[data-island]>.notice,.sent-all,main>details,noscript>h2{margin-top:var(--s4)}
noscript>h2{margin-top:var(--s5)}
.notice{margin-bottom:0}
.understood dl+p{margin-top:var(--s3);font-size:var(--t2)}
.sending{margin-top:var(--s4);font-size:var(--t2)}
.sending>li{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:var(--s1) var(--s4);align-items:center;padding-block:var(--s2);border-top:1px solid var(--line);min-height:var(--touch)}
.sending b{font-weight:500;overflow-wrap:anywhere}
.sending small{color:var(--quiet);font-variant-numeric:tabular-nums}
.sending progress,.sending .error{grid-column:1/-1;margin:0}
.sent-all{margin-top:var(--s4);display:grid;gap:var(--s2)}
.sent-all p{font-variant-numeric:tabular-nums}
.understood{display:grid;gap:var(--s4) var(--s5);margin-bottom:var(--s4)}
.understood>img{width:min(100%,14rem);height:auto;background:var(--soft)}
.understood dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:var(--s1) var(--s4);font-size:var(--t2);align-content:start;margin:0}
.understood dt{color:var(--quiet)}
.understood dd{margin:0;overflow-wrap:anywhere}
.understood h2{margin-bottom:var(--s2)}
.origin{color:var(--quiet);font-size:var(--t1)}
.read-tracks{margin-bottom:var(--s4);font-size:var(--t2)}
.read-tracks>li{display:grid;grid-template-columns:2.5rem minmax(0,1fr) auto;gap:var(--s3);padding-block:var(--s2);border-top:1px solid var(--line);font-variant-numeric:tabular-nums}
.read-tracks b{font-weight:600;overflow-wrap:anywhere}
.problems>li{padding-block:var(--s3);border-top:1px solid var(--line);display:grid;gap:var(--s1)}
.problems b{overflow-wrap:anywhere}
.problems small{color:var(--quiet)}
@media(min-width:48rem){.understood:has(>img){grid-template-columns:14rem minmax(0,1fr)}}
`
