import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const docs = join(root, 'docs')

// Where the repository can be read, for instance REPOSITORY=https://example.org/sepconv/blob/main. Without it, what lies
// outside of docs/ is not linked.
const repository = process.env.REPOSITORY?.replace(/\/$/, '')

// What pages link to that is no page.
const files = ['images/', 'sample-report.html']

/** Pages of a folder, as its Markdown files begin. */
function pages(folder) {
  return readdirSync(join(docs, folder))
    .filter((file) => /^\d.*\.md$/.test(file))
    .map((file) => ({ text: title(join(docs, folder, file)), link: `/${folder}/${file.slice(0, -3)}` }))
}

function title(file) {
  return readFileSync(file, 'utf8').match(/^# (.*)/)[1]
}

/** Links out of docs/ lead to the repository; files of docs/ that are no pages are opened by themselves. */
function linksToSources(md) {
  md.core.ruler.push('links-to-sources', ({ tokens, env }) => {
    for (const block of tokens) {
      const opened = []
      for (const token of block.children ?? []) {
        if (token.type === 'link_open') {
          const href = token.attrGet('href')
          const source = outside(href, env.path)
          opened.push(source)
          if (!source && files.some((file) => href.includes(file))) {
            token.attrSet('target', '_self')
          }
          if (source && repository) {
            token.attrSet('href', `${repository}/${source}`)
          } else if (source) {
            token.tag = 'span'
            token.attrs = [['title', source]]
          }
        } else if (token.type === 'link_close' && opened.pop() && !repository) {
          token.tag = 'span'
        }
      }
    }
  })
}

function outside(href, page) {
  if (!href || /^(\w+:|#)/.test(href)) {
    return undefined
  }
  const target = relative(root, resolve(dirname(page), href))
  return target.startsWith('docs') && !target.endsWith('/') ? undefined : target
}

export default defineConfig({
  title: 'Sepconv',
  description: 'Depthwise-separable convolution on the JVM',
  srcDir: '../docs',
  rewrites: { 'benchmarks/README.md': 'benchmarks/index.md' },
  cleanUrls: false,
  // Rows and decisions are narrow enough in what they are about, and wide in their tables.
  transformPageData(page) {
    if (/\/\d/.test(page.relativePath)) {
      page.frontmatter.aside = false
    }
  },
  buildEnd({ outDir }) {
    for (const file of files) {
      cpSync(join(docs, file), join(outDir, file), { recursive: true })
    }
  },
  vite: {
    publicDir: false,
    // Pages lie beside site/, not below it, where Vue would be found.
    resolve: { alias: { vue: join(root, 'site/node_modules/vue') } },
    build: { chunkSizeWarningLimit: 4000 }
  },
  markdown: {
    config: linksToSources
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'First hour', link: '/first-hour' },
      { text: 'Models', link: '/models' },
      { text: 'Backends', link: '/backends' },
      { text: 'Benchmarks', link: '/benchmarks/' }
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'Contents', link: '/' },
          { text: 'The first hour', link: '/first-hour' },
          { text: 'Coming from another library', link: '/coming-from' },
          { text: 'Training with DJL', link: '/training' }
        ]
      },
      {
        text: 'Use',
        items: [
          { text: 'Models', link: '/models' },
          { text: 'Networks that are ready', link: '/networks' },
          { text: 'Pictures', link: '/pictures' },
          { text: 'Many pictures: Spark', link: '/spark' },
          { text: 'Choosing a backend', link: '/backends' },
          { text: 'Security', link: '/security' }
        ]
      },
      {
        text: 'Understand',
        items: [
          { text: 'Numbers', link: '/numbers' },
          { text: 'The cost model', link: '/cost-model' },
          { text: 'Kernels', link: '/kernels' }
        ]
      },
      { text: 'Extend', items: [{ text: 'Writing a backend', link: '/writing-a-backend' }] },
      { text: 'Benchmarks', link: '/benchmarks/', collapsed: true, items: pages('benchmarks') },
      { text: 'Decisions', collapsed: true, items: pages('adr') }
    ]
  }
})
