/**
 * The documentation site: README, docs and the pages beside the examples, as they stand in the repository. Links keep the
 * form that works there; here they lead to the page, or to a copy of the file.
 */
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { navigation } from './navigation.js';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where a page stands on the site. */
const addressOf = (page) =>
  page
    .replace(/^README\.zh-CN\.md$/, 'zh/index.md')
    // Two addresses that differ in case alone would be one on some systems.
    .replace(/^SECURITY/, 'security-policy')
    .replace(/^docs\//, '')
    .replace(/(^|\/)README\.md$/, '$1index.md');

/** Files that pages link to, other than pages. */
const linked = new Set();

/** The link as the site needs it; `page` is the one that has it. */
function siteLink(page, link) {
  if (/^(?:[a-z]+:|#|\/\/)/i.test(link)) return link;
  const [path = '', anchor] = link.split('#');
  let target = join(dirname(page), decodeURIComponent(path));
  const isFolder = existsSync(join(root, target)) && statSync(join(root, target)).isDirectory();
  if (isFolder) target = join(target, 'README.md');
  if (target.endsWith('.md') && existsSync(join(root, target)))
    return `/${addressOf(target)}${anchor === undefined ? '' : `#${anchor}`}`;
  // A folder without a page of its own, or a file that the build must not have.
  if (isFolder || !existsSync(join(root, target))) return undefined;
  linked.add(target);
  return `/files/${target}.txt`;
}

/** Reads the Markdown as the repository shows it, and rewrites its links. */
function readAsGitHub(markdown) {
  // No page has HTML: what looks like a tag is text. Comments mark what is generated.
  markdown.core.ruler.after('normalize', 'no-comments', (state) => {
    state.src = state.src.replace(/<!--[\s\S]*?-->/g, '');
  });
  markdown.core.ruler.push('site-links', ({ tokens, env }) => {
    const page = relative(root, env.path);
    for (const { children } of tokens)
      for (const token of children ?? []) {
        if (token.type !== 'link_open') continue;
        const link = siteLink(page, token.attrGet('href') ?? '');
        token.attrSet('href', link ?? '#');
        if (link?.startsWith('/files/')) token.attrSet('target', '_blank');
      }
  });
}

const CHINESE_SEARCH = {
  button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
  modal: {
    noResultsText: '没有结果：',
    resetButtonTitle: '清除',
    displayDetails: '显示详情',
    footer: { selectText: '选择', navigateText: '切换', closeText: '关闭' },
  },
};

export default defineConfig({
  srcDir: '..',
  outDir: '../site',
  cacheDir: '../node_modules/.cache/vitepress',
  srcExclude: ['{src,test,bench,scripts,dist,clients/*/!(README)}/**', '**/node_modules/**', '.*/**'],
  rewrites: addressOf,
  title: 'apig-mock',
  description: 'A local emulator of Huawei Cloud API Gateway',
  cleanUrls: true,
  lastUpdated: false,
  markdown: { html: false, attrs: { disable: true }, config: readAsGitHub },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: navigation('en') },
    zh: {
      label: '中文',
      lang: 'zh-CN',
      description: '华为云 API 网关的本地模拟器',
      themeConfig: {
        ...navigation('zh'),
        outline: { label: '本页目录' },
        docFooter: { prev: '上一页', next: '下一页' },
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        darkModeSwitchLabel: '外观',
        langMenuLabel: '语言',
      },
    },
  },
  themeConfig: {
    search: { provider: 'local', options: { locales: { zh: { translations: CHINESE_SEARCH } } } },
  },
  buildEnd({ outDir }) {
    for (const file of linked) {
      const copy = join(outDir, 'files', `${file}.txt`);
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(join(root, file), copy);
    }
  },
});
