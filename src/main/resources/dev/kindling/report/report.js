// Follows charts.js and page.js in the same script.
const epochs = data.epochs;

// --- the head

function headline() {
  const last = epochs.number.length;
  const ended = data.stopReason !== ''; // and its weights are kept
  const kept = ended ? epochs.number.indexOf(data.keptEpoch) : last - 1;
  const seconds = epochs.seconds.reduce((sum, value) => sum + (value || 0), 0);
  const tested = data.evaluation;
  let result = '';
  if (tested) {
    const main = data.metric in tested.scores ? data.metric : 'loss';
    result = metricName(main) + ' ' + number(tested.scores[main]) + ' on ' + tested.on;
  } else if (last > 0) {
    const validated = epochs.validationMetric[kept];
    result = metricName(data.metric) + ' ' + number(validated ?? epochs.trainingMetric[kept])
      + (validated === null ? ' on the training rows' : ' on the validation rows') + (ended ? '' : ' so far');
  }
  const title = (data.data ? data.data + ': ' : '') + (result || (data.failure ? 'no epoch has completed' : 'no epoch has ended yet'));
  document.title = title + ' – Kindling';
  page.append(
    element('h1', {textContent: title}),
    element('p', {textContent: (data.rows ? data.rows + ' rows' : 'Rows') + ' through ' + data.network + '; ' + data.method
      + '; ' + last + (last === 1 ? ' epoch' : ' epochs') + ' in ' + number(seconds, 3) + ' s'
      + (data.stopReason ? ' (' + data.stopReason + ')' : data.failure ? '' : ' (not finished)')
      + (ended && last > 0 ? ', epoch ' + data.keptEpoch + ' kept' : '') + '.'}));
  if (data.failure) {
    page.append(element('p', {className: 'fault', id: 'failure'}, element('b', {textContent: (data.stopReason ? 'Training succeeded, but then failed: ' : 'Training failed: ')}), data.failure));
  }
  if (data.resumed) page.append(element('p', {className: 'quiet', textContent: 'Resumed from ' + data.resumed + '.'}));
  const tiles = [];
  if (tested) {
    // Java writes the loss first, but readers look for the other scores first
    const {loss, ...rest} = tested.scores;
    Object.entries({...rest, loss}).forEach(([name, value]) => tiles.push([metricName(name), number(value)]));
  }
  if (last > 0) {
    tiles.push(['training loss', number(epochs.trainingLoss[Math.max(0, kept)])]);
    const validation = epochs.validationLoss[Math.max(0, kept)];
    if (validation !== null) tiles.push(['validation loss', number(validation)]);
  }
  page.append(element('ul', {className: 'tiles'}, ...tiles.map(([name, value]) =>
    element('li', {}, element('b', {textContent: value}), element('span', {textContent: name})))));
}

function training() {
  if (epochs.number.length > 0) section('Training', curves(data));
}

function weights() {
  const blocks = data.weights.each;
  if (blocks.length === 0 || blocks[0].histograms.length === 0) return;
  const grid = element('div', {className: 'grid small'});
  const made = section('Weights');
  if (data.weights.blocks > blocks.length) {
    made.append(element('p', {textContent: 'The first ' + blocks.length + ' of ' + data.weights.blocks + ' blocks of weights.'}));
  }
  const moved = data.weights.movedIn;
  if (moved.length > 0) {
    const steps = moved.map(epoch => epochs.steps[epochs.number.indexOf(epoch)]);
    const ratios = blocks.map(block => block.moved.map((ratio, i) => ratio === null || !(ratio > 0) ? null : ratio / steps[i]));
    made.append(plot('Update-to-weight ratio',
      'The norm of each block’s change in an epoch, per step, divided by the block’s norm. Steps in opposite directions'
      + ' cancel, so single steps are larger. Rule of thumb: about 0.001. Far above it, the learning rate is probably too high; far below, too low.',
      theme => ({
        type: 'line',
        data: {datasets: [
          ...blocks.map((block, b) => line(theme, b, block.name, moved, ratios[b])),
          reference(theme, 'rule of thumb', {x: epochs.number[0], y: 1e-3}, {x: epochs.number[epochs.number.length - 1], y: 1e-3})
        ]},
        options: options(theme, {x: epochAxis(theme, epochs.number), y: valueAxis(theme, 'ratio per step', [...ratios, [1e-3]], true)}, true)
      })));
    made.append(element('p', {}));
  }
  for (const block of blocks) {
    grid.append(spreads(block.name + ' (' + block.shape + ')', 'Values after some epochs.', block.histograms, epochName));
  }
  made.append(grid);
}

function epochName(epoch) {
  return epoch === 0 ? 'before the first' : 'epoch ' + epoch;
}

/** Describes clear faults in the layers' charts. */
function faults(layers) {
  const found = [];
  const list = names => names.length > 3 ? names.slice(0, 3).join(', ') + ' and ' + (names.length - 3) + ' more' : names.join(' and ');
  const last = values => values.length > 0 ? values[values.length - 1] : null;
  const dead = layers.outputs.filter(layer => last(layer.dead) >= 0.4);
  if (dead.length > 0) {
    found.push('Units are dead: ' + (dead.length > 1 ? 'up to ' : '') + percent(Math.max(...dead.map(layer => last(layer.dead))))
      + ' of the units of ' + list(dead.map(layer => layer.name))
      + ' pass no gradient for any row. Lower the learning rate, use warm-up, or use leakyRelu or gelu.');
  }
  const flat = layers.outputs.filter(layer => last(layer.saturated) >= 0.8 && !dead.includes(layer));
  if (flat.length > 0) {
    found.push('Outputs are saturated in ' + list(flat.map(layer => layer.name))
      + ': use smaller initial weights, standardize the features, or add batchNorm.');
  }
  const sizes = layers.gradients.map(layer => last(layer.size));
  const deep = sizes.length - 1;
  if (deep > 0 && sizes[deep] > 0 && sizes[0] !== null && dead.length === 0) { // dead units pass no gradient
    const times = sizes[0] / sizes[deep];
    if (times < 1e-2) {
      found.push('Gradients vanish: the gradient at ' + layers.gradients[0].name + ' is ' + number(times, 2) + ' of that at '
        + layers.gradients[deep].name + '. Use relu, the initializer auto, residual layers or batchNorm.');
    } else if (times > 1e2) {
      found.push('Gradients explode: the gradient at ' + layers.gradients[0].name + ' is ' + number(times, 2) + ' times that at '
        + layers.gradients[deep].name + '. Use smaller initial weights, or clip the gradient.');
    }
  }
  return found;
}

function layers() {
  const layers = data.layers;
  if (!layers || layers.blind === '' && layers.epochs.length === 0) return;
  const made = section('Layers');
  if (layers.blind) made.append(element('p', {className: 'note', textContent: 'No charts'
    + (layers.epochs.length > 0 ? ' after epoch ' + layers.epochs[layers.epochs.length - 1] : '') + ': ' + layers.blind + '.'}));
  if (layers.epochs.length === 0) return;
  made.append(element('p', {textContent: 'Layer states for ' + layers.rows + ' of the training rows, forward and backward, with dropout'
    + (layers.epochs[0] === 0 ? '; epoch 0 is before the first step.' : '.')}));
  faults(layers).forEach(text => made.append(element('p', {className: 'note', textContent: text})));
  const left = (all, shown, what) => all > shown ? element('p', {textContent: shown + ' of ' + all + ' ' + what + ', from the first to the last.'}) : '';
  const numbers = layers.epochs;
  const range = {min: numbers.length > 1 ? numbers[0] : numbers[0] - 1, max: numbers.length > 1 ? numbers[numbers.length - 1] : numbers[0] + 1};
  const course = (title, words, y, of, column, scale) => plot(title, words, theme => ({
    type: 'line', data: {datasets: of.map((layer, i) => line(theme, i, layer.name, numbers, layer[column]))},
    options: options(theme, {x: {...epochAxis(theme, epochs.number), ...range}, y: scale(theme, y, of.map(layer => layer[column]))}, true, scale === shares ? {
      plugins: {tooltip: {callbacks: {
        title: items => items.length ? 'epoch ' + items[0].parsed.x : '',
        label: item => item.dataset.label + ': ' + percent(item.parsed.y)}}}
    } : {})
  }));
  const shares = (theme, title) => axis(theme, title, {min: 0, max: 1, ticks: {color: theme.quiet, callback: value => percent(value)}});
  const logarithmic = (theme, title, columns) => valueAxis(theme, title, columns.map(column => column.map(value => value > 0 ? value : null)), true);
  const grid = element('div', {className: 'grid'});
  made.append(grid);
  const activations = layers.outputs.filter(layer => layer.saturated.some(value => value !== null));
  if (activations.length > 0) {
    grid.append(
      course('Saturated outputs', 'Outputs at which the function is nearly flat (for relu: off), so little gradient passes.'
        + ' Healthy: about half for relu, few for sigmoid or tanh. Near 100 %, a layer hardly learns: use smaller initial weights,'
        + ' standardize the features, or add batchNorm.', 'share of outputs', activations, 'saturated', shares),
      course('Dead units', 'Units that are flat for every row: no gradient reaches them, so they no longer learn. Healthy: near 0 %.'
        + ' A jump usually means that the learning rate is too high: lower it, use warm-up, or use leakyRelu or gelu.',
        'share of units', activations, 'dead', shares));
  }
  const trained = layers.gradients.filter(layer => layer.size.some(value => value > 0));
  if (trained.length > 0) {
    const sizes = trained.map(layer => ({...layer, size: layer.size.map(value => value > 0 ? value : null)}));
    grid.append(course('Gradient size', 'Root mean square of the gradient of a row’s loss with respect to each layer’s outputs. Healthy: lines within'
      + ' a factor of about ten of each other, falling slowly. If the first layers are far below, gradients vanish: use relu, the initializer'
      + ' auto, residual layers or batchNorm. If all lines rise together, gradients explode: use a lower learning rate or a gradient clip.'
      + ' Where a line ends, there is no gradient.', 'size', sizes, 'size', logarithmic));
    if (trained.length > 2) {
      const shown = layers.gradients[0].histograms.map(histogram => numbers.indexOf(histogram.epoch));
      grid.append(plot('Gradient size by depth', 'The same, from the first layer to the last. Healthy: about level. If it falls to the left,'
        + ' the gradient vanishes on its way back; if it rises to the left, it explodes.', theme => ({
        type: 'line',
        data: {labels: sizes.map(layer => short(layer.name, 12)), datasets: shown.map((place, i) => {
          const colour = theme.ages[shown.length === 1 ? 4 : Math.round(i * 4 / (shown.length - 1))];
          return {label: epochName(numbers[place]), data: sizes.map(layer => layer.size[place]), borderColor: colour, backgroundColor: colour,
            order: shown.length - i, borderWidth: i === shown.length - 1 ? 2.5 : 1.5, pointRadius: 3};
        })},
        options: options(theme, {x: axis(theme, 'layer'), y: logarithmic(theme, 'size', sizes.map(layer => layer.size))}, true, {
          plugins: {
            legend: {position: 'bottom', reverse: true, labels: {color: theme.ink, boxWidth: 28, boxHeight: 1, padding: 10}},
            tooltip: {callbacks: {title: items => items.length ? items[0].label : '', label: item => item.dataset.label + ': ' + number(item.parsed.y)}}
          }
        })
      })));
    }
  }
  const small = (title, words, of, all, what) => {
    if (of.length === 0) return;
    const pictures = element('div', {className: 'grid small'},
      ...of.map(layer => spreads(layer.name, '', layer.histograms, epochName)));
    made.append(element('h3', {textContent: title}), element('p', {className: 'quiet', textContent: words}), left(all, of.length, what), pictures);
  };
  small('Outputs', 'Distribution of the activations’ outputs. Healthy: a hump of roughly constant width. If all outputs are at one value, or at both'
    + ' ends of sigmoid or tanh, the layer no longer distinguishes rows. If they grow much wider from epoch to epoch, the layer diverges.', layers.outputs, layers.activations, 'activations');
  small('Gradients', 'Distribution of the gradients with respect to each layer’s outputs. Healthy: around 0, with a similar width in each layer.'
    + ' A layer with a needle at 0, where another has a hump, learns nothing.', layers.gradients.filter(layer => layer.histograms.length > 0), layers.trained, 'layers');
}

/** The last steps of a run that failed. */
function lastSteps() {
  const steps = data.lastSteps;
  if (!steps || steps.step.length < 2) return;
  const course = (title, words, values) => plot(title, words, theme => ({
    type: 'line', data: {datasets: [line(theme, 0, title.toLowerCase(), steps.step, values)]},
    options: options(theme, {
      x: axis(theme, 'step', {type: 'linear', min: steps.step[0], max: steps.step[steps.step.length - 1],
        ticks: {color: theme.quiet, maxRotation: 0, autoSkipPadding: 16, includeBounds: false, callback: value => Number.isInteger(value) ? value : null}}),
      y: valueAxis(theme, title.toLowerCase(), [values])}, false)
  }));
  const grid = element('div', {className: 'grid'}, course('Loss', 'Mean over the rows of each step.', steps.loss));
  if (steps.gradientNorm.some(value => value !== null)) {
    grid.append(course('Gradient norm', 'Per step, before clipping.', steps.gradientNorm));
  }
  section('The last ' + steps.step.length + ' steps before the failure', grid);
}

function time() {
  if (!data.stepTimes) return;
  const words = {
    compute: 'compute', schedule: 'wait for Spark', broadcast: 'broadcast', reduce: 'reduce', update: 'update'
  };
  const parts = Object.entries(data.stepTimes);
  const total = parts.reduce((sum, [, value]) => sum + (value || 0), 0);
  section('Time', plot('Time per step',
    'A step takes ' + number(total, 3) + ' ms on average, without validation and without the first epoch.',
    theme => ({
      type: 'bar',
      data: {labels: ['step'], datasets: parts.map(([name, value], i) => ({
        label: words[name] + ' ' + number(value, 3) + ' ms', data: [value], barThickness: 34, borderWidth: 0,
        backgroundColor: theme.series[i]
      }))},
      options: {
        indexAxis: 'y', responsive: true, maintainAspectRatio: false, animation: false,
        scales: {
          x: axis(theme, 'ms', {stacked: true, max: total}),
          y: axis(theme, '', {stacked: true, display: false})
        },
        plugins: {
          legend: {position: 'bottom', labels: {color: theme.ink, boxWidth: 14, boxHeight: 14}},
          tooltip: {callbacks: {label: item => item.dataset.label, title: () => ''}}
        }
      }
    }), 'low'));
}

// --- the evaluation on some rows

function evaluation() {
  const tested = data.evaluation;
  if (!tested) return;
  const made = section('Evaluation on ' + tested.on);
  if (tested.flatters) {
    made.append(element('p', {className: 'note', textContent:
      'The network was trained on these rows, so the scores are too good. Provide test rows for reliable scores.'}));
  }
  if (tested.classes) classification(made, tested);
  else regression(made, tested);
}

function classification(made, tested) {
  const classes = tested.classes;
  const matrix = tested.confusion;
  const {actual, predicted} = tested;
  const total = actual.reduce((sum, count) => sum + count, 0);
  const name = c => element('span', {className: 'name', textContent: classes[c], title: classes[c]});
  const cell = text => element('td', {textContent: text});

  if (classes.length <= 30) {
    made.append(figure('Confusion matrix', 'Rows: the true class; columns: the predicted one. Counts, and their share of the true class.',
      table('heat', [element('span', {className: 'quiet', textContent: 'true \\ predicted'}), ...classes.map((_, c) => name(c))],
        matrix.map((row, a) => element('tr', {}, element('th', {}, name(a)), ...row.map(count => {
          const share = actual[a] > 0 ? count / actual[a] : 0;
          const depth = Math.sqrt(share) * 0.95; // the square root makes single errors visible
          if (count === 0) return element('td', {className: 'quiet', textContent: '0'});
          const made = element('td', {className: depth > 0.55 ? 'strong' : ''}, number(count),
            element('small', {textContent: percent(share)}));
          made.style.setProperty('--share', depth.toFixed(3));
          return made;
        }))))));
  } else if (matrix.length > 0) {
    const errors = matrix.flatMap((row, a) => row.map((count, p) => ({a, p, count})))
      .filter(one => one.a !== one.p && one.count > 0).sort((one, other) => other.count - one.count).slice(0, 20);
    made.append(figure('Most frequent confusions', 'There are ' + classes.length + ' classes, too many for a matrix.',
      table('', ['true', 'predicted', 'rows', 'share of the true class'], errors.map(one => element('tr', {},
        element('td', {}, name(one.a)), element('td', {}, name(one.p)), cell(number(one.count)), cell(percent(one.count / actual[one.a])))))));
  }

  const curves = new Map(tested.curves.map(curve => [curve.class, curve]));
  const each = classes.map((_, c) => {
    const precision = predicted[c] > 0 ? tested.precision[c] : null;
    const recall = actual[c] > 0 ? tested.recall[c] : null;
    const f1 = actual[c] + predicted[c] > 0 ? tested.f1[c] : null;
    return {c, precision, recall, f1, support: actual[c]};
  });
  const shown = each.length <= 1000 ? each : [...each].sort((one, other) => other.support - one.support).slice(0, 1000);
  const mean = (key, weight) => {
    const known = each.filter(one => one[key] !== null);
    const all = known.reduce((sum, one) => sum + weight(one), 0);
    return all > 0 ? known.reduce((sum, one) => sum + weight(one) * one[key], 0) / all : null;
  };
  const summary = (title, weight) => element('tr', {className: 'kept'}, cell(title),
    ...['precision', 'recall', 'f1'].map(key => cell(share(mean(key, weight)))), cell(number(total)), cell(''), cell(''));
  const scores = table('', ['class', 'precision', 'recall', 'F1', 'support', 'ROC AUC', 'average precision'], [
    ...shown.map(one => element('tr', {}, element('td', {}, name(one.c)), cell(share(one.precision)), cell(share(one.recall)),
      cell(share(one.f1)), cell(number(one.support)),
      cell(share(curves.get(one.c)?.rocArea)), cell(share(curves.get(one.c)?.averagePrecision)))),
    summary('mean over the classes', () => 1), summary('weighted by support', one => one.support)]);
  made.append(element('p', {}));
  const perClass = figure('Each class', 'Support: the total weight of the class’s rows.', scores);
  made.append(classes.length <= 30 ? perClass : element('details', {}, element('summary', {textContent: 'Each class'}), perClass));
  made.append(element('p', {}));

  const grid = element('div', {className: 'grid'});
  made.append(grid);
  const unit = (theme, title) => axis(theme, title, {type: 'linear', min: 0, max: 1});
  const against = classes.length > 2 ? 'Each class against the rest. ' : '';
  if (tested.curves.length > 0) {
    const ofClass = (theme, curve, shape, area) => line(theme, classes.length > 2 ? curve.class : 0,
      short(classes[curve.class]) + ' (' + number(curve[area], 3) + ')', ...curve[shape], {pointRadius: 0, borderWidth: 1.8});
    grid.append(plot('ROC', against + 'In brackets: the area under the curve. Dashed: random guessing.', theme => ({
      type: 'line',
      data: {datasets: [...tested.curves.map(curve => ofClass(theme, curve, 'roc', 'rocArea')),
        reference(theme, 'guessing', {x: 0, y: 0}, {x: 1, y: 1})]},
      options: options(theme, {x: unit(theme, 'false positive rate'), y: unit(theme, 'true positive rate')}, true)
    }), 'square'));
    grid.append(plot('Precision and recall', against + 'In brackets: the average precision.', theme => ({
      type: 'line',
      data: {datasets: tested.curves.map(curve => ofClass(theme, curve, 'precisionRecall', 'averagePrecision'))},
      options: options(theme, {x: unit(theme, 'recall'), y: unit(theme, 'precision')}, true)
    }), 'square'));
  }
  const calibration = tested.reliability;
  const what = classes.length === 2 ? 'the probability of ' + short(classes[1]) : 'the probability of the predicted class';
  const known = calibration.predicted.map((_, i) => i).filter(i => calibration.weights[i] > 0);
  grid.append(plot('Calibration', 'How often ' + (classes.length === 2 ? 'it is that class' : 'the prediction is right') + ', by ' + what
    + '. On the diagonal, probabilities are calibrated.', theme => ({
    type: 'line',
    data: {datasets: [
      line(theme, 0, 'observed', known.map(i => calibration.predicted[i]), known.map(i => calibration.observed[i]), {pointRadius: 5}),
      reference(theme, 'calibrated', {x: 0, y: 0}, {x: 1, y: 1})]},
    options: options(theme, {x: unit(theme, what), y: unit(theme, 'observed share')}, true)
  })));
  grid.append(plot('Confidence', 'The number of rows behind each point of the calibration curve.', theme => ({
    type: 'bar',
    data: {
      labels: calibration.weights.map((_, i) => (i / 10).toFixed(1) + '–' + ((i + 1) / 10).toFixed(1)),
      datasets: [{label: 'rows', data: calibration.weights, backgroundColor: theme.series[0], categoryPercentage: 1, barPercentage: 0.94}]
    },
    options: bars(theme, what, 'rows')
  })));
}

function bars(theme, x, y) {
  return {
    responsive: true, maintainAspectRatio: false, animation: false,
    scales: {x: axis(theme, x), y: axis(theme, y, {beginAtZero: true})},
    plugins: {legend: {display: false}, tooltip: {callbacks: {label: item => number(item.parsed.y) + ' ' + y}}}
  };
}

function regression(made, tested) {
  const values = tested.actual.concat(tested.predicted).filter(value => value !== null);
  const least = Math.min(...values);
  const largest = Math.max(...values);
  const of = tested.actual.length + ' rows' + (tested.sampled ? ', drawn at random.' : '.');
  const dots = (theme, label, xs, ys) => ({
    label, data: points(xs, ys), backgroundColor: theme.series[0] + (xs.length > 300 ? '66' : 'b0'), borderWidth: 0, pointRadius: xs.length > 1000 ? 2 : 3.5
  });
  const linear = (theme, title, more = {}) =>
    axis(theme, title, {type: 'linear', ticks: {color: theme.quiet, maxRotation: 0, autoSkipPadding: 16, includeBounds: false, callback: value => number(value)}, ...more});
  const residuals = tested.predicted.map((value, i) => value === null || tested.actual[i] === null ? null : value - tested.actual[i]);
  const pairs = {plugins: {tooltip: {callbacks: {
    title: () => '', label: item => '(' + number(item.parsed.x) + ', ' + number(item.parsed.y) + ')'}}}};
  const bins = tested.residuals;
  made.append(element('div', {className: 'grid'},
    plot('Predicted and true', 'Predictions on the line are right. ' + of, theme => ({
      type: 'scatter',
      data: {datasets: [dots(theme, 'rows', tested.actual, tested.predicted),
        {type: 'line', ...reference(theme, 'right', {x: least, y: least}, {x: largest, y: largest})}]},
      options: options(theme, {x: linear(theme, 'true'), y: linear(theme, 'predicted')}, false, pairs)
    }), 'square'),
    plot('Residuals', 'Predicted minus true value. A slope or a funnel shows structure that the network misses.', theme => ({
      type: 'scatter',
      data: {datasets: [dots(theme, 'rows', tested.predicted, residuals),
        {type: 'line', ...reference(theme, 'right', {x: Math.min(...tested.predicted), y: 0}, {x: Math.max(...tested.predicted), y: 0})}]},
      options: options(theme, {x: linear(theme, 'predicted'), y: linear(theme, 'predicted − true')}, false, pairs)
    }), 'square'),
    plot('Distribution of the residuals', 'Number of rows by predicted minus true value.', theme => ({
      type: 'bar',
      data: {datasets: [{
        label: 'rows', backgroundColor: theme.series[0], categoryPercentage: 1, barPercentage: 0.96, grouped: false,
        data: bins.counts.map((count, i) => ({x: bins.least + (i + 0.5) * bins.width, y: count}))
      }]},
      options: {...bars(theme, 'predicted − true', 'rows'), scales: {
        x: linear(theme, 'predicted − true', {offset: false, min: bins.least, max: bins.least + bins.width * bins.counts.length}),
        y: axis(theme, 'rows', {beginAtZero: true, ticks: {color: theme.quiet, precision: 0}})
      }}
    }))));
}

// --- the table that the features were made of

const FEW_COLUMNS = 15;

function columns() {
  const columns = data.columns;
  if (columns.length === 0) return;
  const kinds = new Map();
  columns.forEach(([, kind]) => kinds.set(kind, (kinds.get(kind) || 0) + 1));
  const summary = columns.length + (columns.length === 1 ? ' column, ' : ' columns, ')
    + [...kinds].map(([kind, count]) => count + ' as ' + kind).join(', ');
  const heads = ['column', 'read as', 'encoded as', 'inputs', 'missing values', 'why'];
  const told = heads.map((_, i) => i).filter(i => columns.some(column => column[i] !== ''));
  const decided = table('decisions', told.map(i => heads[i]), columns.map(column =>
    element('tr', {className: column[3] === 0 ? 'quiet' : ''}, ...told.map(i => element('td', {textContent: column[i]})))));
  decided.classList.add('tall');
  section('Columns', element('p', {className: 'quiet', textContent:
    'How each column of the table was read, and which inputs of the network were made of it.'}),
    element('details', {id: 'columns', open: columns.length <= FEW_COLUMNS}, element('summary', {textContent: summary}), decided));
}

// --- the tables

function tables() {
  const columns = [
    ['epoch', epochs.number], ['training loss', epochs.trainingLoss], ['validation loss', epochs.validationLoss],
    ['training ' + data.metric, epochs.trainingMetric], ['validation ' + data.metric, epochs.validationMetric],
    ['learning rate', epochs.learningRate], ['gradient norm', epochs.gradientNorm], ['steps', epochs.steps],
    ['seconds', epochs.seconds]
  ].filter(([, values]) => values.some(value => value !== null));
  const made = section('All epochs and the configuration');
  if (epochs.number.length > 0) {
    made.append(element('details', {id: 'epochs'}, element('summary', {textContent: 'All ' + epochs.number.length + ' epochs'}),
      table('', columns.map(([name]) => name), epochs.number.map((epoch, i) =>
        element('tr', {className: epoch === data.keptEpoch ? 'kept' : ''},
          ...columns.map(([, values]) => element('td', {textContent: number(values[i], 5)})))))));
  }
  made.append(element('details', {id: 'configuration', open: true}, element('summary', {textContent: 'Configuration'}),
    table('facts', null, data.configuration.map(([name, value]) =>
      element('tr', {}, element('td', {textContent: name}), element('td', {textContent: value}))))));
  footer();
}

headline();
lastSteps();
evaluation();
training();
layers();
weights();
time();
columns();
tables();
show();
