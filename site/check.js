// Looks at every page of the built site in headless Chromium: at the width of a desktop and of a phone, light and dark.
// No page may scroll sideways, have a broken picture or an error of a script, or text that is hard to tell from what is
// behind it.
//
//   node check.js CHROMIUM [FOLDER]    into the folder go screenshots of the pages that are no rows and no decisions
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [chromium, folder] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '.vitepress/dist')
const LIMIT_MS = 240_000
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.json': 'application/json' }

const pages = readdirSync(dist, { recursive: true })
  .filter((file) => file.endsWith('.html') && file !== '404.html' && file !== 'sample-report.html')
  .sort()
const looks = [1440, 390].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })))

/** A page within a frame of a width: windows of browsers have a least one. */
const frame = (look) => `<!doctype html><body style="margin:0"><script>
localStorage.setItem('vitepress-theme-appearance', '${look.theme}')
const frame = document.createElement('iframe')
frame.style = 'border:0;width:${look.width}px;height:100vh'
frame.src = '/${look.page}'
document.body.append(frame)
</script>`

/** Runs in the browser. */
async function lookAtAll(pages, looks) {
  const problems = []
  for (const { width, theme } of looks) {
    localStorage.setItem('vitepress-theme-appearance', theme)
    const left = [...pages]
    await Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (left.length) {
          await open(left.shift(), width, theme)
        }
      })
    )
  }
  await fetch('/problems', { method: 'POST', body: JSON.stringify(problems) })

  async function open(page, width, theme) {
    const frame = document.createElement('iframe')
    frame.style = `width:${width}px;height:900px;border:0`
    frame.src = `/${page}`
    const found = (text) => problems.push(`${page}, ${width} pixels, ${theme}: ${text}`)
    document.body.append(frame)
    await new Promise((loaded) => (frame.onload = loaded))
    frame.contentWindow.onerror = (text) => found(text)
    await until(() => frame.contentDocument.querySelector('.VPDoc'))
    await new Promise((passed) => setTimeout(passed, 100))
    await lookAt(frame.contentDocument, found)
    frame.remove()
  }

  async function until(condition) {
    for (let i = 0; i < 50 && !condition(); i++) {
      await new Promise((passed) => setTimeout(passed, 20))
    }
  }

  async function lookAt(page, found) {
    const root = page.documentElement
    if (root.scrollWidth > root.clientWidth) {
      found(`scrolls sideways, ${root.scrollWidth} of ${root.clientWidth} pixels`)
    }
    for (const image of page.images) {
      await image.decode().catch(() => found(`broken picture ${image.src}`))
    }
    for (const kind of ['h1', 'p', 'li', 'td', 'th', 'p a', ':not(pre) > code', 'pre code']) {
      const text = page.querySelector(`.vp-doc ${kind}`)
      if (text) {
        const contrast = contrastOf(text)
        if (!(contrast >= 4.5)) {
          found(`contrast of ${kind} is ${contrast.toFixed(2)}`)
        }
      }
    }
  }

  function contrastOf(element) {
    const view = element.ownerDocument.defaultView
    const front = parse(view.getComputedStyle(element).color)
    const layers = []
    for (let e = element; e; e = e.parentElement) {
      layers.push(parse(view.getComputedStyle(e).backgroundColor))
    }
    const back = layers.reduceRight((below, layer) => mix(layer, below), [255, 255, 255, 1])
    const [a, b] = [luminance(mix(front, back)), luminance(back)]
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
  }

  function parse(colour) {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number)
    return [r, g, b, a]
  }

  function mix(front, back) {
    return [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1)
  }

  function luminance(colour) {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
}

const profile = mkdtempSync(join(tmpdir(), 'site-'))
const options = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars',
  '--disable-background-networking', '--no-first-run', `--user-data-dir=${profile}`]

const problems = await new Promise((resolve, reject) => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    if (pathname === '/problems') {
      let body = ''
      request.on('data', (part) => (body += part))
      request.on('end', () => (response.end(), done(JSON.parse(body))))
    } else if (pathname === '/look') {
      response.setHeader('Content-Type', 'text/html')
      response.end(`<!doctype html><body><script>(${lookAtAll})(${JSON.stringify(pages)}, ${JSON.stringify(looks)})</script>`)
    } else if (pathname === '/frame') {
      response.setHeader('Content-Type', 'text/html')
      response.end(frame(Object.fromEntries(searchParams)))
    } else {
      serve(decodeURIComponent(pathname), response)
    }
  })
  let browser
  const timer = setTimeout(() => (stop(), reject(new Error(`the browser took more than ${LIMIT_MS / 1000} s`))), LIMIT_MS)
  server.listen(0, '127.0.0.1', () => {
    browser = spawn(chromium, [...options, '--window-size=1500,1000', `${address()}/look`], { stdio: 'ignore' })
    browser.on('error', reject)
  })

  function address() {
    return `http://127.0.0.1:${server.address().port}`
  }

  async function done(found) {
    browser.kill()
    await new Promise((ended) => browser.on('exit', ended))
    if (folder) {
      await shoot()
    }
    stop()
    resolve(found)
  }

  function stop() {
    clearTimeout(timer)
    browser.kill()
    server.close()
    server.closeAllConnections()
  }

  async function shoot() {
    mkdirSync(folder, { recursive: true })
    for (const page of pages.filter((page) => !/(^adr|\/\d{4})/.test(page))) {
      for (const { width, theme } of looks) {
        const file = join(folder, `${page.replace('/', '-').replace('.html', '')}-${width}-${theme}.png`)
        const shot = spawn(chromium, [...options, `--window-size=${Math.max(width, 500)},2000`, '--virtual-time-budget=4000',
          `--screenshot=${file}`, `${address()}/frame?page=${page}&width=${width}&theme=${theme}`], { stdio: 'ignore' })
        await new Promise((ended) => shot.on('exit', ended))
      }
    }
  }
})

function serve(path, response) {
  try {
    const text = readFileSync(join(dist, path))
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream')
    response.end(text)
  } catch {
    response.statusCode = 404
    response.end()
  }
}

rmSync(profile, { recursive: true, force: true })
console.log(`${pages.length} pages, ${looks.length} looks at each: ${problems.length} problems`)
problems.forEach((problem) => console.error(problem))
process.exitCode = problems.length ? 1 : 0
