/** The menus of the site, by language: each page once, under the part that it belongs to. */

/** Part, then its pages: address, English title, Chinese title (a page without one is in English only). */
const PARTS = [
  {
    en: 'Use it',
    zh: '使用',
    pages: [
      ['getting-started', 'Getting started', '快速入门'],
      ['testing', 'Testing', '测试'],
      ['faults', 'Faults'],
      ['clocks', 'Time and clocks'],
      ['recipes', 'Recipes'],
      ['ci', 'CI and containers'],
      ['cookbook/', 'Clients'],
      ['clients/python/', 'Python'],
      ['troubleshooting', 'Troubleshooting'],
    ],
  },
  {
    en: 'Reference',
    zh: '参考',
    pages: [
      ['configuration', 'Configuration', '设置'],
      ['library', 'Library'],
      ['http', 'HTTP control API'],
      ['fidelity', 'Emulated operations'],
      ['conformance', 'Conformance'],
      ['recording', 'Recordings'],
      ['differences', 'Differences from the service'],
      ['differences-import-export', 'Import and export'],
      ['limits', 'Limits'],
      ['security', 'Security'],
    ],
  },
  {
    en: 'Background',
    zh: '背景',
    pages: [
      ['architecture', 'Architecture'],
      ['decisions', 'Decisions'],
      ['performance', 'Performance'],
      ['reliability', 'Reliability'],
      ['mutation', 'Mutation testing'],
      ['CHANGELOG', 'Changelog', '变更记录'],
      ['CONTRIBUTING', 'Contributing'],
    ],
  },
];
const IN_ENGLISH = new Set(['CHANGELOG']);

function item([page, english, chinese], language) {
  if (language === 'en') return { text: english, link: `/${page}` };
  if (chinese === undefined) return { text: `${english}（英文）`, link: `/${page}` };
  return { text: chinese, link: IN_ENGLISH.has(page) ? `/${page}` : `/zh/${page}` };
}

/** The menus of a language, as VitePress takes them. */
export function navigation(language) {
  const sidebar = PARTS.map(({ pages, ...title }) => ({
    text: title[language],
    items: pages.map((page) => item(page, language)),
  }));
  const pages = PARTS[0].pages.filter(([page]) => ['getting-started', 'testing', 'cookbook/'].includes(page));
  return { sidebar, nav: pages.map((page) => item(page, language)) };
}
