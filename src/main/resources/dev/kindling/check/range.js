// Follows page.js, which makes figures, tables and charts.
const curve = data.points;
const rates = curve.map(point => point.learningRate);
const found = data.suggested !== null;
// leaves room for the zone that is too high, where the run ended
const most = rates[rates.length - 1] * (data.high === null ? 1 : (rates[rates.length - 1] / rates[0]) ** 0.08);

/** Two significant digits. */
function rate(value) {
  return number(Number(value.toPrecision(2)));
}

function zones(theme) {
  const from = rates[0];
  const high = data.high === null ? most : data.high;
  const all = [];
  if (found) {
    all.push({name: 'too low', from, to: data.low, colour: theme.series[6]});
    all.push({name: 'good', from: data.low, to: high, colour: theme.series[2]});
  }
  if (data.high !== null) all.push({name: 'too high', from: high, to: most, colour: theme.series[1]});
  return all.filter(zone => zone.to > zone.from);
}

/** Shades the zones, labels them if there is room, and marks the suggested rate. */
function marks(theme) {
  return {
    id: 'marks',
    beforeDatasetsDraw(chart) {
      const {ctx, chartArea: area, scales: {x}} = chart;
      ctx.save();
      ctx.font = '12px ' + Chart.defaults.font.family;
      ctx.textAlign = 'center';
      for (const zone of zones(theme)) {
        const left = Math.max(area.left, x.getPixelForValue(zone.from));
        const right = Math.min(area.right, x.getPixelForValue(zone.to));
        ctx.fillStyle = zone.colour + '26';
        ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
        if (ctx.measureText(zone.name).width + 6 < right - left) {
          ctx.fillStyle = theme.quiet;
          ctx.fillText(zone.name, (left + right) / 2, area.top + 16);
        }
      }
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      if (!found) return;
      const {ctx, chartArea: area, scales: {x}} = chart;
      const at = x.getPixelForValue(data.suggested);
      const text = 'suggested ' + rate(data.suggested);
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = theme.ink;
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.moveTo(at, area.top + 24);
      ctx.lineTo(at, area.bottom);
      ctx.stroke();
      ctx.font = 'bold 13px ' + Chart.defaults.font.family;
      const width = ctx.measureText(text).width;
      const left = at - 8 - width > area.left; // left of the line if there is room, otherwise right of it
      ctx.textAlign = left ? 'right' : 'left';
      ctx.fillText(text, at + (left ? -7 : 7), area.top + 38);
      ctx.restore();
    }
  };
}

const title = found ? 'Suggested learning rate ' + rate(data.suggested) : 'No learning rate lowered the loss';
document.title = title + ' – Kindling';
page.append(element('h1', {textContent: title}),
  element('p', {textContent: data.advice.charAt(0).toUpperCase() + data.advice.slice(1) + '.'}));
if (found) {
  page.append(element('ul', {className: 'tiles'}, ...[
    [rate(data.suggested), 'suggested'], [rate(data.low), 'too low below'],
    [data.high === null ? '–' : rate(data.high), data.high === null ? 'too high: not reached' : 'too high from']
  ].map(([value, name]) => element('li', {}, element('b', {textContent: value}), element('span', {textContent: name})))));
}
const smoothed = curve.map(point => point.smoothed).filter(value => value !== null);
const least = Math.min(...smoothed);
const largest = Math.max(...smoothed);
section('Range test', plot('Loss by learning rate',
  curve.length + ' steps of one run with a growing learning rate. Dots: the loss of each step. Line: the smoothed loss.'
  + (found ? ' The suggested rate is where the line falls fastest, so a step gains most. A schedule with warm-up or annealing may peak'
    + ' somewhat above it, but below the rate from which the loss rises.' : ''), theme => ({
    type: 'line',
    data: {datasets: [
      {...line(theme, 0, 'smoothed', rates, curve.map(point => point.smoothed)), pointRadius: 0, borderWidth: 2.5},
      {label: 'each step', data: points(rates, curve.map(point => point.loss)), showLine: false, pointRadius: 2, pointHoverRadius: 4,
        backgroundColor: theme.quiet + '99', borderWidth: 0, clip: 0}
    ]},
    options: options(theme, {
      x: {...valueAxis(theme, 'learning rate', [rates], true), min: rates[0], max: most},
      y: axis(theme, 'loss', {
        // the explosion would hide the fall
        suggestedMin: least, max: largest + 0.1 * Math.max(largest - least, 1e-6),
        ticks: {color: theme.quiet, includeBounds: false, callback: value => number(value)}
      })
    }, true),
    plugins: [marks(theme)]
  }), 'tall'));
page.append(element('details', {}, element('summary', {textContent: 'All ' + curve.length + ' steps'}),
  table('', ['learning rate', 'loss', 'smoothed'], curve.map(point => element('tr', {},
    ...[point.learningRate, point.loss, point.smoothed].map(value => element('td', {textContent: number(value)})))))));
footer();
show();
