// Follows page.js, which makes figures, tables and charts.
const metric = metricName(data.metric);
const trials = data.trials.map((trial, place) => ({...trial, values: data.params.map(param => param.values[place] ?? null)}));
const better = (one, other) => data.larger ? other.score - one.score : one.score - other.score;
const scored = trials.filter(trial => trial.score !== null).sort(better);
const ordered = [...scored, ...trials.filter(trial => trial.score === null)];
const best = trials.find(trial => trial.number === data.best);
let selected = best ?? null; // the trial marked in every chart and in the table

function shown(value) {
  return value === null ? '–' : typeof value === 'number' ? number(value) : String(value);
}

function sentence(trial) {
  return 'Trial ' + trial.number + ' (' + (trial === best ? 'best, ' : '') + 'stage ' + trial.stage + ', ' + trial.state + '): '
    + metric + ' ' + shown(trial.score) + ' after ' + trial.epochs + (trial.epochs === 1 ? ' epoch' : ' epochs') + '. '
    + data.params.map((param, p) => short(param.name) + ' ' + short(shown(trial.values[p]), 40)).join(', ');
}

const details = element('p', {className: 'note', id: 'trial'});
details.setAttribute('aria-live', 'polite');
const rows = new Map();

function select(trial) {
  selected = trial;
  details.textContent = trial ? sentence(trial) : 'Choose a trial in a chart or in the table.';
  rows.forEach((row, each) => row.classList.toggle('chosen', each === trial));
  charts.forEach(each => each.chart && each.chart.draw());
}

// --- colours and scales

function mixed(from, to, part) {
  const channel = at => Math.round(parseInt(from.slice(at, at + 2), 16) * (1 - part) + parseInt(to.slice(at, at + 2), 16) * part);
  return 'rgb(' + [1, 3, 5].map(channel).join(' ') + ')';
}

/** The colour by the trial's rank, because scores may lie decades apart. */
function colour(theme, trial) {
  if (trial === best) return theme.series[1];
  if (trial.score === null) return theme.quiet;
  const rank = scored.length > 1 ? 1 - scored.indexOf(trial) / (scored.length - 1) : 1;
  const place = Math.min(3, Math.floor(rank * 4));
  return mixed(theme.ages[place], theme.ages[place + 1], rank * 4 - place);
}

/** The positions of values between 0 and 1, and the labelled ones: texts at equal steps, numbers linear or logarithmic. */
function scale(values, log, larger) {
  const known = values.filter(value => value !== null);
  if (known.some(value => typeof value !== 'number')) {
    const names = [...new Set(known.map(String))].sort();
    const at = value => names.length > 1 ? names.indexOf(String(value)) / (names.length - 1) : 0.5;
    return {at, names, ticks: names.map(name => ({at: at(name), text: name}))};
  }
  const least = Math.min(...known);
  const largest = Math.max(...known);
  const logarithmic = least > 0 && largest > least && (log ?? largest / least >= 30);
  const form = logarithmic ? Math.log10 : value => value;
  const width = form(largest) - form(least);
  const up = value => width > 0 ? (form(value) - form(least)) / width : 0.5;
  const at = value => larger === false ? 1 - up(value) : up(value);
  const distinct = [...new Set(known)];
  const named = distinct.length <= 6 ? distinct : Array.from({length: 5}, (_, i) => {
    const part = form(least) + width * i / 4;
    return logarithmic ? 10 ** part : part;
  });
  const ticks = named.map(value => ({at: at(value), text: number(Number(value.toPrecision(3)), 3)}));
  return {at, ticks, logarithmic};
}

/** Draws the selected trial's line, or dot, above all others. */
const mark = theme => ({
  id: 'mark',
  afterDatasetsDraw(chart) {
    if (!selected) return;
    const {ctx} = chart;
    ctx.save();
    ctx.strokeStyle = theme.ink;
    ctx.lineWidth = 2.5;
    chart.data.datasets.forEach((set, i) => set.data.forEach((point, p) => {
      if (set.showLine === false && point.trial === selected) {
        const at = chart.getDatasetMeta(i).data[p];
        ctx.beginPath();
        ctx.arc(at.x, at.y, 7, 0, 2 * Math.PI);
        ctx.stroke();
      }
    }));
    const line = chart.data.datasets.findIndex(set => set.trial === selected);
    if (line >= 0 && selected !== best) { // the best is already bold
      ctx.beginPath();
      chart.getDatasetMeta(line).data.filter(at => !at.skip).forEach((at, p) => p ? ctx.lineTo(at.x, at.y) : ctx.moveTo(at.x, at.y));
      ctx.stroke();
    }
    ctx.restore();
  }
});

/** Hovering over a trial shows its details, a tap or click selects it. */
function pointing() {
  const trial = (chart, item) => chart.data.datasets[item.datasetIndex].trial ?? chart.data.datasets[item.datasetIndex].data[item.index].trial;
  return {
    onClick: (event, items, chart) => items.length && select(trial(chart, items[0])),
    tooltip: {
      filter: (item, at) => at === 0,
      callbacks: {
        title: items => items.length ? 'Trial ' + trial(items[0].chart, items[0]).number : '',
        label: item => {
          const of = trial(item.chart, item);
          return [metric + ': ' + shown(of.score) + (of.state === 'done' ? '' : ' (' + of.state + ')'),
            ...data.params.map((param, p) => short(param.name) + ': ' + short(shown(of.values[p]), 40))];
        }
      }
    }
  };
}

// --- the charts

function parallel() {
  const axes = data.params.map((param, p) => ({
    name: param.name, at: trial => trial.values[p], scale: scale(param.values, param.log)
  }));
  axes.push({name: metric, at: trial => trial.score, scale: scale(scored.map(trial => trial.score), undefined, data.larger)});
  const failed = scored.length < trials.length;
  const place = (axis, trial) => {
    const value = axis.at(trial);
    if (value === null) return axis === axes[axes.length - 1] ? -0.12 : null;
    return axis.scale.at(value);
  };
  const ticks = theme => ({
    id: 'ticks',
    afterDatasetsDraw(chart) {
      const {ctx, scales: {x, y}, chartArea: area} = chart;
      ctx.save();
      ctx.font = '11px ' + Chart.defaults.font.family;
      ctx.textBaseline = 'middle';
      axes.forEach((axis, i) => {
        const at = x.getPixelForValue(i);
        ctx.strokeStyle = theme.quiet;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(at, y.getPixelForValue(1));
        ctx.lineTo(at, y.getPixelForValue(0));
        ctx.stroke();
        const last = i === axes.length - 1;
        const named = last && failed ? [...axis.scale.ticks, {at: -0.12, text: 'none'}] : axis.scale.ticks;
        const every = Math.ceil(named.length / Math.max(2, Math.floor((area.bottom - area.top) / 18)));
        named.filter((_, t) => t % every === 0).forEach(tick => {
          const text = short(tick.text, 16);
          const width = ctx.measureText(text).width;
          const left = last ? at - 8 - width : at + 6;
          const top = y.getPixelForValue(tick.at);
          ctx.fillStyle = theme.paper + 'd0';
          ctx.fillRect(left - 2, top - 7, width + 4, 14);
          ctx.fillStyle = theme.ink;
          ctx.textAlign = 'left';
          ctx.fillText(text, left, top);
        });
      });
      ctx.restore();
    }
  });
  const made = plot('All params at once', 'Each line is a trial, from its params to its ' + metric + ' (better is up). A stronger'
    + ' colour means a better rank; the best is bold. A trial without a score is dashed and ends at the bottom.'
    + ' Hover, tap or click to see a trial.', theme => {
    const {tooltip, onClick} = pointing();
    return {
      type: 'line',
      data: {labels: axes.map(axis => short(axis.name, 16)), datasets: ordered.map((trial, i) => ({
        trial, data: axes.map(axis => place(axis, trial)), borderColor: colour(theme, trial), backgroundColor: colour(theme, trial),
        borderWidth: trial === best ? 4 : 1.4, borderDash: trial.score === null ? [4, 3] : [], pointRadius: 0, pointHoverRadius: 4,
        pointHitRadius: 6, order: i, spanGaps: true
      }))},
      options: {
        responsive: true, maintainAspectRatio: false, animation: false, onClick,
        interaction: {mode: 'nearest', intersect: false},
        layout: {padding: {left: 8, right: 16, top: 10}},
        scales: {
          x: axis(theme, '', {offset: false, grid: {display: false}, ticks: {color: theme.ink, autoSkip: false, maxRotation: 0, font: {weight: 'bold'}}}),
          y: {display: false, min: failed ? -0.16 : -0.03, max: 1.03}
        },
        plugins: {legend: {display: false}, tooltip}
      },
      plugins: [mark(theme), ticks(theme)]
    };
  }, 'tall');
  const box = made.querySelector('.plot');
  const room = element('div', {className: 'scroll'}); // keeps the axes apart on a phone
  box.style.minWidth = axes.length * 105 + 'px';
  box.replaceWith(room);
  room.append(box);
  return made;
}

function learningCurves() {
  const columns = ordered.map(trial => trial.curve.map(([, score]) => score));
  return plot('Learning curves', 'The ' + metric + ' of each trial by epoch. A line that ends early was stopped because other trials'
    + ' were better. Colours as above.', theme => {
    const {tooltip, onClick} = pointing();
    return {
      type: 'line',
      data: {datasets: ordered.filter(trial => trial.curve.length > 0).map((trial, i) => ({
        trial, data: trial.curve.map(([x, y]) => ({x, y})), borderColor: colour(theme, trial), backgroundColor: colour(theme, trial),
        borderWidth: trial === best ? 3.5 : 1.3, borderDash: trial.score === null ? [4, 3] : [],
        pointRadius: context => context.dataIndex === trial.curve.length - 1 ? 3 : 0, pointHoverRadius: 5, order: i, clip: 5
      }))},
      options: {...options(theme, {
        x: axis(theme, 'epochs', {type: 'linear', ticks: {color: theme.quiet, precision: 0, maxRotation: 0}}),
        y: valueAxis(theme, metric, columns)
      }, false, {plugins: {tooltip}}), onClick},
      plugins: [mark(theme)]
    };
  }, 'tall');
}

/** Scores by one param. Trials without a score are crosses at the edge of the worst scores. */
function scatter(param, p) {
  const of = scale(param.values, param.log);
  const worst = scored.length > 0 ? scored[scored.length - 1].score : 0;
  const known = ordered.filter(trial => trial.values[p] !== null);
  return plot(short(param.name, 40), '', theme => {
    const {tooltip, onClick} = pointing();
    const x = of.names
      ? axis(theme, '', {type: 'linear', min: -0.5, max: of.names.length - 0.5, grid: {display: false},
        afterBuildTicks: made => { made.ticks = of.names.map((_, i) => ({value: i})); },
        ticks: {color: theme.quiet, maxRotation: 40, autoSkipPadding: 4, callback: value => short(of.names[value] ?? '', 14)}})
      : of.logarithmic ? valueAxis(theme, '', [param.values], true)
        : axis(theme, '', {type: 'linear', ticks: {color: theme.quiet, maxRotation: 0, autoSkipPadding: 16, includeBounds: false, callback: value => number(value)}});
    x.title = {display: false};
    return {
      type: 'scatter',
      data: {datasets: [{
        showLine: false, clip: 8,
        data: known.map((trial, i) => ({
          // spreads trials with the same text side by side
          trial, x: of.names ? of.names.indexOf(String(trial.values[p])) + (i % 7 - 3) * 0.05 : trial.values[p], y: trial.score ?? worst
        })),
        pointStyle: known.map(trial => trial.score === null ? 'crossRot' : 'circle'),
        pointRadius: known.map(trial => trial === best ? 6 : 3.5), pointHoverRadius: 6,
        pointBackgroundColor: known.map(trial => colour(theme, trial)), pointBorderColor: known.map(trial => colour(theme, trial)),
        pointBorderWidth: known.map(trial => trial.score === null ? 2 : 0)
      }]},
      options: {...options(theme, {x, y: valueAxis(theme, metric, [scored.map(trial => trial.score)])}, false, {plugins: {tooltip}}), onClick},
      plugins: [mark(theme)]
    };
  });
}

// --- the table

function results() {
  const columns = [
    ['trial', trial => trial.number], [metric, trial => trial.score], ['state', trial => trial.state],
    ['stage', trial => trial.stage], ['epochs', trial => trial.epochs],
    ...data.params.map((param, p) => [param.name, trial => trial.values[p]])
  ];
  const made = trials.length > 0 ? ordered.map(trial => {
    const row = element('tr', {className: trial === best ? 'kept' : '', onclick: () => select(trial)}, ...columns.map(([, value]) =>
      element('td', {}, element('span', {className: 'name', textContent: shown(value(trial)), title: shown(value(trial))}))));
    rows.set(trial, row);
    return row;
  }) : [];
  const buttons = columns.map(([name], c) => element('button', {type: 'button', className: 'name', textContent: name, title: 'sort by ' + name,
    onclick: () => sort(c)}));
  const all = table('trials', buttons, made);
  const heads = [...all.querySelectorAll('th')];
  heads[1].setAttribute('aria-sort', data.larger ? 'descending' : 'ascending');

  function sort(c) {
    const up = heads[c].getAttribute('aria-sort') !== 'ascending';
    const value = columns[c][1];
    const before = (one, other) => typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other));
    heads.forEach(head => head.removeAttribute('aria-sort'));
    heads[c].setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const sorted = [...trials].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      // missing values are last in both directions
      return a === null || b === null ? (a === null) - (b === null) : up ? before(a, b) : before(b, a);
    });
    all.querySelector('tbody').append(...sorted.map(trial => rows.get(trial)));
  }
  return all;
}

const headline = best ? metric.charAt(0).toUpperCase() + metric.slice(1) + ' ' + shown(best.score) + ', the best of ' + trials.length
  + (trials.length === 1 ? ' trial' : ' trials') : trials.length > 0 ? 'No trial has a score' : 'No trial has ended yet';
document.title = headline + ' – Kindling';
page.append(element('h1', {textContent: headline}), element('p', {textContent: data.advice}));
if (trials.length > 0) {
  section('Trials', details, parallel());
  section('By epochs', learningCurves());
  if (scored.length > 0 && data.params.length > 0) {
    section('By each param', element('p', {className: 'quiet', textContent: 'The ' + metric + ' of the trials; '
      + (data.larger ? 'higher' : 'lower') + ' is better. Crosses are trials without a score.'}), element('div', {className: 'grid small'}, ...data.params.map(scatter)));
  }
  section('All trials', element('p', {className: 'quiet', textContent: 'Best first. Click a column’s name to sort by it, or a row to mark its trial in the charts.'}), results());
}
if (data.facts.length > 0) {
  section('The search', table('facts', null, data.facts.map(([name, value]) =>
    element('tr', {}, element('td', {textContent: name}), element('td', {textContent: value})))));
}
footer();
show();
select(selected);
