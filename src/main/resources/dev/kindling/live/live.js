// Follows charts.js in the same script.
const MILLIS = {running: 2000, idle: 5000}; // between two updates
const page = document.getElementById('kindling');
const head = page.appendChild(element('div', {}));
const body = page.appendChild(element('div', {}));
const shown = {id: ''}; // the fit whose curves are drawn, as of the last drawing

window.addEventListener('error', event => { page.dataset.error = event.message; });

function duration(millis) {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 60) return seconds.toFixed(seconds < 10 ? 1 : 0) + ' s';
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? minutes + ' min ' + Math.floor(seconds % 60) + ' s' : Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' min';
}

function time(millis) {
  const date = new Date(millis);
  const two = value => String(value).padStart(2, '0');
  return date.getFullYear() + '/' + two(date.getMonth() + 1) + '/' + two(date.getDate()) + ' '
    + two(date.getHours()) + ':' + two(date.getMinutes()) + ':' + two(date.getSeconds());
}

function count(value, one) {
  return value.toLocaleString('en-US') + ' ' + one + (value === 1 ? '' : 's');
}

function cell(className, ...content) {
  return element('td', {className}, ...content);
}

// --- the table of fits

const COLUMNS = ['Fit', 'Began', 'Duration', 'Epochs', 'Loss', 'Validation loss', 'Metric', 'Best epoch', 'Status'];
const OF_LAST = new Set(COLUMNS.slice(4, 7));

function status(fit, live) {
  if (fit.outcome) return cell(fit.why ? 'words why' : '', fit.outcome + (fit.why ? ': ' + fit.why : ''));
  if (!live) return cell('quiet', 'end not in the log');
  const now = fit.step ? 'epoch ' + fit.step.epoch + ', step ' + fit.step.number.toLocaleString('en-US')
    + (fit.step.loss === null ? '' : ', loss ' + number(fit.step.loss)) : 'running';
  return cell('', element('progress', {max: fit.planned, value: fit.ended}), ' ' + now);
}

function row(fit, live, shownId) {
  const last = fit.last || {};
  const link = element('a', {href: '?fit=' + encodeURIComponent(fit.id), textContent: fit.name, title: 'show its curves'});
  const what = element('small', {className: 'quiet', textContent: fit.network + '; ' + fit.method});
  return element('tr', {className: fit.id === shownId ? 'shown' : ''},
    cell('words', link, element('br', {}), what), cell('wraps', time(fit.began)),
    cell('number', fit.closed ? duration(fit.closed - fit.began) : live ? duration(Date.now() - fit.began) : '–'),
    cell('number', fit.ended.toLocaleString('en-US') + ' / ' + fit.planned.toLocaleString('en-US')),
    cell('number', number(last.trainingLoss)), cell('number', number(last.validationLoss)),
    cell('number', number(last.validationMetric ?? last.trainingMetric) + ' ' + fit.metric),
    cell('number', fit.bestEpoch ? fit.bestEpoch.toLocaleString('en-US') : '–'),
    status(fit, live));
}

function table(data) {
  const right = new Set(COLUMNS.slice(2, 8));
  return element('div', {className: 'scroll'}, element('table', {className: 'table table-bordered table-sm'},
    element('thead', {}, element('tr', {}, ...COLUMNS.map(name =>
      element('th', {className: right.has(name) ? 'number' : '', textContent: name, title: OF_LAST.has(name) ? 'at the last epoch' : ''})))),
    element('tbody', {}, ...data.fits.map(fit => row(fit, data.live, data.fit.id)))));
}

// --- the curves of one

function describe(fit) {
  return fit.network + '; ' + fit.method
    + (fit.batchSize ? ', batches of ' + fit.batchSize.toLocaleString('en-US') : ', full batch') + '; ' + count(fit.rows, 'row') + (fit.validationRows ? ', validated on ' + fit.validationRows.toLocaleString('en-US') : '')
    + ', in ' + count(fit.shards, 'shard') + '; ' + fit.place
    + (fit.checkpoint ? '; resumed from ' + fit.checkpoint : '') + '.';
}

function show(data) {
  if (data.fits.length === 0) {
    head.replaceChildren(element('p', {textContent: 'No fit has begun yet.'}));
    return;
  }
  const fit = data.fits.find(each => each.id === data.fit.id);
  head.replaceChildren(table(data), element('h4', {textContent: fit.name}),
    element('p', {className: 'quiet', textContent: describe(fit)}));
  if (fit.why) head.append(element('p', {className: 'why', textContent: fit.outcome + ': ' + fit.why}));
  if (fit.ended === 0) head.append(element('p', {textContent: 'No epoch has ended.'}));
  const state = JSON.stringify(data.fit);
  if (shown.state === state) return;
  const other = shown.id !== fit.id;
  Object.assign(shown, data.fit, {state});
  if (other || charts.length === 0) {
    charts.splice(0).forEach(each => { each.chart.destroy(); });
    body.replaceChildren(...(fit.ended > 0 ? [curves(shown)] : []));
  }
  draw(LIGHT);
  page.dataset.charts = charts.length;
}

/** Updates the figures periodically while the application runs and the page is visible. */
async function follow(data) {
  while (data.live) {
    const running = data.fits.some(fit => !fit.outcome);
    await new Promise(done => { setTimeout(done, running ? MILLIS.running : MILLIS.idle); });
    if (document.hidden) continue;
    try {
      const answer = await fetch('json/' + location.search, {cache: 'no-store'});
      if (!answer.ok) throw new Error('status ' + answer.status);
      data = await answer.json();
      show(data);
    } catch (error) {
      head.prepend(element('p', {className: 'why', textContent:
        'The application has ended or cannot be reached; these are its last figures. Reload the page to try again.'}));
      return;
    }
  }
}

const first = JSON.parse(document.getElementById('kindling-data').textContent);
show(first);
follow(first);
