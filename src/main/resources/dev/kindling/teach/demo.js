// After page.js. Films are canvases of our own, which draw one of several frames; the rest are its figures and charts.
const films = [];
const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

function bytes(base64) {
  return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}

function drawing(width, height, path) {
  const space = 'http://www.w3.org/2000/svg';
  const made = document.createElementNS(space, 'svg');
  made.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
  made.setAttribute('preserveAspectRatio', 'none');
  made.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(space, 'path');
  shape.setAttribute('d', path);
  made.append(shape);
  return made;
}

function colours(hexes) {
  return hexes.map(hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16)));
}

function paper() {
  return dark.matches ? [27, 31, 36] : [255, 255, 255];
}

/**
 * A canvas with a button and a slider. It plays once when it is first seen, unless the reader wants no motion.
 * `paint(context, width, height, frame)` draws; `label(frame)` says where it is; `follow(frame)` moves what goes along.
 */
function film(name, ratio, frames, perSecond, paint, label, follow) {
  const canvas = element('canvas', {className: 'film'});
  canvas.style.aspectRatio = ratio;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', name);
  const button = element('button', {type: 'button'});
  const slider = element('input', {type: 'range', min: 0, max: frames - 1, ariaLabel: name + ': frame'});
  const told = element('output', {});
  const last = frames - 1;
  let frame = last;
  let since = null; // when it began to play, as if from the first frame

  function show() {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const width = Math.round(canvas.clientWidth * scale);
    const height = Math.round(canvas.clientHeight * scale);
    if (width === 0) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
    paint(canvas.getContext('2d'), width, height, frame, scale);
    slider.value = frame;
    told.textContent = label(frame);
    button.replaceChildren(drawing(16, 16, since === null ? 'M4 2l10 6-10 6z' : 'M3 2h4v12H3zM9 2h4v12H9z'));
    button.ariaLabel = since === null ? 'Play' : 'Pause';
    follow(frame);
  }

  function turn(to) {
    frame = Math.max(0, Math.min(last, to));
    show();
  }

  function tick(now) {
    if (since === null) return;
    const due = Math.floor((now - since) * perSecond / 1000);
    if (due >= last) since = null;
    if (due !== frame || since === null) turn(due);
    if (since !== null) requestAnimationFrame(tick);
  }

  function play() {
    since = performance.now() - (frame === last ? 0 : frame * 1000 / perSecond);
    requestAnimationFrame(tick);
  }

  button.addEventListener('click', () => {
    if (since === null) play();
    else since = null;
    show();
  });
  slider.addEventListener('input', () => {
    since = null;
    turn(Number(slider.value));
  });
  new ResizeObserver(show).observe(canvas);
  if (!still) {
    const seen = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        seen.disconnect();
        play();
      }
    }, {threshold: 0.6});
    seen.observe(canvas);
  }
  films.push({show});
  return element('div', {}, canvas, element('div', {className: 'player'}, button, slider, told));
}

function swatch(place) {
  const made = element('span', {className: 'swatch'});
  made.dataset.place = place;
  return made;
}

function cells(...texts) {
  return element('tr', {}, ...texts.map(text => element('td', {}, text)));
}

/** Numbers of any size in little room, such as 0.63, 12 and 2e-9. */
function brief(value) {
  if (value >= 0.01 && value < 1000) return String(Number(value.toPrecision(2)));
  return value === 0 ? '0' : value.toExponential(0).replace('e+', 'e');
}

// --- decision boundaries

function boundary(data) {
  const frames = data.frames.map(bytes);
  const size = data.cells;
  const small = element('canvas', {width: size, height: size});
  const last = data.losses.length - 1;
  const place = {step: 0};

  function paint(context, width, height, frame, scale) {
    const theme = colours((dark.matches ? DARK : LIGHT).series);
    const ground = paper();
    const image = new ImageData(size, size);
    const shares = new Array(data.classes);
    for (let cell = 0; cell < size * size; cell++) {
      shares[0] = 1;
      for (let c = 1; c < data.classes; c++) {
        shares[c] = frames[frame][(c - 1) * size * size + cell] / 255;
        shares[0] -= shares[c];
      }
      const sure = (Math.max(...shares) - 1 / data.classes) / (1 - 1 / data.classes);
      const depth = 0.05 + 0.5 * sure;
      for (let i = 0; i < 3; i++) {
        const mixed = shares.reduce((sum, share, c) => sum + share * theme[c][i], 0);
        image.data[4 * cell + i] = ground[i] + depth * (mixed - ground[i]);
      }
      image.data[4 * cell + 3] = 255;
    }
    small.getContext('2d').putImageData(image, 0, 0);
    context.imageSmoothingQuality = 'high';
    context.drawImage(small, 0, 0, width, height);
    context.lineWidth = scale;
    context.strokeStyle = 'rgb(' + ground + ')';
    for (let row = 0; row < data.labels.length; row++) {
      context.beginPath();
      context.arc((data.points[2 * row] - data.left) / data.side * width,
        height - (data.points[2 * row + 1] - data.bottom) / data.side * height, 3 * scale, 0, 2 * Math.PI);
      context.fillStyle = 'rgb(' + theme[data.labels[row]] + ')';
      context.fill();
      context.stroke();
    }
  }

  const marker = {
    id: 'marker',
    afterDatasetsDraw(drawn) {
      const x = drawn.scales.x.getPixelForValue(place.step);
      const y = drawn.scales.y.getPixelForValue(data.losses[place.step]);
      const {ctx, chartArea} = drawn;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = (dark.matches ? DARK : LIGHT).series[1];
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, y, 4, 0, 2 * Math.PI);
      ctx.fill();
      ctx.restore();
    }
  };
  const losses = chart('Loss of ' + data.name, theme => ({
    type: 'line',
    data: {datasets: [line(theme, 0, 'loss', data.losses.map((_, step) => step), data.losses)]},
    options: options(theme, {
      x: axis(theme, 'step', {type: 'linear', min: 0, max: last}),
      y: axis(theme, 'loss', {beginAtZero: true, ticks: {color: theme.quiet, maxTicksLimit: 5}})
    }, false),
    plugins: [marker]
  }), 'low');
  return figure(data.name.charAt(0).toUpperCase() + data.name.slice(1),
    data.network.replace('2 inputs: ', '') + '. Right on ' + percent(data.accuracies[data.accuracies.length - 1])
    + ' of the ' + data.labels.length + ' points, and on ' + percent(data.freshAccuracy) + ' of as many drawn anew.',
    film('What the network says of each place: ' + data.name, '1', frames.length, 9, paint,
      frame => 'step ' + data.frameSteps[frame] + ', ' + percent(data.accuracies[frame]),
      frame => {
        place.step = data.frameSteps[frame];
        Chart.getChart(losses.firstChild)?.draw();
      }), losses);
}

function boundaries() {
  section('A network bends the plane', element('p', {textContent:
    'Colour is the class that the network gives a place, paler where it is less sure. No straight line parts these classes. '
    + 'Its hidden units bend the plane until a straight line does, and each step ('
    + data.boundaries[0].method.replace(/ ×.*/, '') + ') moves all weights a little along the slope of the mean loss over all '
    + data.boundaries[0].labels.length + ' points.'}),
  element('div', {className: 'grid small'}, ...data.boundaries.map(boundary)));
}

// --- optimizers

const SIGHTS = {
  saddle: 'From the ridge it goes down to both sides, but on the ridge there is no slope to either. Gradient descent lingers until '
    + 'the little there is has grown; momentum gathers speed, past the lowest point and back. Adagrad, RMSProp and Adam divide '
    + 'each coordinate’s step by the size of its own gradients, so that a small slope counts as much as a large one, and leave soon. '
    + 'In many dimensions saddles are what there is most of (Dauphin et al. 2014).',
  ravine: '36 times as curved across as along. The walls bound the rate of gradient descent (beyond 2/36 it diverges), so it jumps from '
    + 'one to the other and creeps along the floor. Momentum (Polyak 1964) adds up what keeps its direction; Nesterov’s brakes '
    + 'before the wall. Scaling each coordinate makes this ravine round, because it lies along an axis.',
  'bent valley': 'Rosenbrock’s: the floor bends, so no scaling of the coordinates straightens it. Momentum and Nesterov come furthest '
    + 'along it, then Adam, which has a momentum too; gradient descent trembles at the edge of what its rate allows. Adagrad only ever shortens its steps: the steep beginning costs it the rest '
    + 'of the way, which is why RMSProp and Adam forget old gradients.'
};

function surface(data) {
  const relief = bytes(data.relief);
  const height = data.side * data.lines / data.columns;
  const count = data.paths[0].xs.length;
  const ends = data.paths.map(() => element('td', {}));
  let ground = {key: '', image: null};

  /** Bands of equal height between contours; the relief is read between its places. */
  function drawn(width, lines) {
    const key = [width, lines, dark.matches].join();
    if (ground.key === key) return ground.image;
    const image = new ImageData(width, lines);
    const base = paper();
    const tint = colours([(dark.matches ? DARK : LIGHT).ages[2]])[0];
    const at = (x, y) => {
      const left = Math.min(data.columns - 2, Math.max(0, Math.floor(x)));
      const top = Math.min(data.lines - 2, Math.max(0, Math.floor(y)));
      const i = top * data.columns + left;
      const above = relief[i] + (x - left) * (relief[i + 1] - relief[i]);
      const below = relief[i + data.columns] + (x - left) * (relief[i + data.columns + 1] - relief[i + data.columns]);
      return above + (y - top) * (below - above);
    };
    let before = new Float32Array(width);
    for (let py = 0; py < lines; py++) {
      const bands = new Float32Array(width);
      for (let px = 0; px < width; px++) {
        bands[px] = Math.floor(at((px + 0.5) / width * data.columns - 0.5, (py + 0.5) / lines * data.lines - 0.5) / 13);
        const edge = py > 0 && bands[px] !== before[px] || px > 0 && bands[px] !== bands[px - 1];
        const depth = edge ? 0.55 : 0.36 * (1 - bands[px] / 20);
        const to = 4 * (py * width + px);
        for (let i = 0; i < 3; i++) image.data[to + i] = base[i] + depth * (tint[i] - base[i]);
        image.data[to + 3] = 255;
      }
      before = bands;
    }
    ground = {key, image};
    return image;
  }

  function paint(context, width, lines, frame, scale) {
    const theme = dark.matches ? DARK : LIGHT;
    const x = value => (value - data.left) / data.side * width;
    const y = value => lines - (value - data.bottom) / height * lines;
    context.putImageData(drawn(width, lines), 0, 0);
    data.paths.forEach((path, place) => {
      context.strokeStyle = theme.series[place];
      context.lineWidth = 2 * scale;
      context.lineJoin = 'round';
      context.beginPath();
      for (let i = 0; i <= frame; i++) context.lineTo(x(path.xs[i]), y(path.ys[i]));
      context.stroke();
    });
    data.paths.forEach((path, place) => {
      context.fillStyle = theme.series[place];
      context.strokeStyle = 'rgb(' + paper() + ')';
      context.lineWidth = 1.5 * scale;
      context.beginPath();
      context.arc(x(path.xs[frame]), y(path.ys[frame]), 5 * scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
  }

  const rows = data.paths.map((path, place) => element('tr', {},
    element('td', {}, swatch(place), path.optimizer), element('td', {textContent: path.rate}), ends[place]));
  return figure(data.name.charAt(0).toUpperCase() + data.name.slice(1) + ': ' + data.formula, '',
    film('Paths of optimizers: ' + data.name, '4 / 3', count, count > 200 ? 36 : 12, paint,
      frame => 'step ' + frame + ' of ' + (count - 1),
      frame => data.paths.forEach((path, place) => { ends[place].textContent = path.heights[frame].toFixed(4); })),
    table('', ['optimizer', 'learning rate', 'height'], rows), words(SIGHTS[data.name]));
}

function surfaces() {
  section('Six ways down', element('p', {textContent:
    'Six optimizers from the same place, which know of the ground no more than its slope under their feet. Each has the '
    + 'learning rate of 1, 2 or 5 times a power of ten whose path lies lowest on average.'}),
  element('div', {className: 'grid small'}, ...data.surfaces.map(surface)));
}

// --- first weights

/** A bar a bin; the roots of the counts, so that few are seen beside many. */
function histogram(counts) {
  const most = Math.sqrt(Math.max(...counts));
  return drawing(counts.length, 1, counts.map((count, i) => 'M' + i + ' 1V' + (1 - Math.sqrt(count) / most).toFixed(3) + 'h1V1z').join(''));
}

function layers(histograms, figures) {
  return element('div', {className: 'layers'}, ...histograms.map((counts, layer) =>
    element('div', {}, histogram(counts), String(layer + 1), element('br', {}), brief(figures[layer]))));
}

function words(text) {
  return element('p', {className: 'words', textContent: text});
}

const BEGINNINGS = {
  tanh: {
    'normal(0.01)': 'Too small: each layer keeps 0.01·√256 = 0.16 of the spread, and ten leave nothing, of the gradient neither.',
    'normal(1)': 'Too large: nearly all units are saturated, where the slope is almost 0. Those few that are not multiply the gradient by great weights, and it explodes.',
    Xavier: 'Variance 2/(inputs + outputs), so that signals and gradients keep their size where tanh is steep (Glorot and Bengio 2010).',
    He: 'Twice the variance, made for relu: tanh bounds it, and a few more units saturate.'
  },
  relu: {
    'normal(0.01)': 'Too small again; relu, which drops half, takes another √2 a layer.',
    'normal(1)': 'Nothing bounds relu: the signal grows elevenfold a layer. What lies beyond 3 is in the last bar.',
    Xavier: 'It knows nothing of the half that relu drops, so the spread shrinks by √2 a layer.',
    He: 'Variance 2/inputs makes up for that half, so that the spread stays near 1 (He et al. 2015).'
  }
};

function signals() {
  const made = section('What first weights do to ten layers', element('p', {textContent:
    '512 rows of standard normal numbers go through ten layers of 256 units, before any training. Above, how the activations of each layer '
    + 'are spread, with their standard deviation; below, the gradients of single rows’ losses with respect to what each unit sums up, with their '
    + 'root mean square. Heights are roots of counts, so that few are seen too; what lies outside is in the outermost bars. In Kindling '
    + 'the default follows the activation, and glorotNormal takes its gain into account; here each is as in its paper.'}));
  for (const activation of ['tanh', 'relu']) {
    const each = data.signals.filter(signal => signal.activation === activation);
    made.append(element('div', {className: 'grid'}, ...each.map(signal => figure(activation + ', ' + signal.initializer,
      BEGINNINGS[activation][signal.initializer],
      layers(signal.activationBins, signal.deviations),
      words('Activations from ' + (activation === 'tanh' ? '−1 to 1; ' : '0 to 3; ') + percent(signal.atTheEdge[9])
        + ' of the tenth layer ' + (activation === 'tanh' ? 'beyond ±0.97.' : 'are 0.')),
      layers(signal.gradientBins, signal.gradients),
      words('Gradients to ±' + brief(signal.reach) + '; they come from the right.')))));
    const course = (title, told, name, values) => plot(title, told, theme => ({
      type: 'line',
      data: {datasets: each.map((signal, place) =>
        line(theme, place, signal.initializer, signal.deviations.map((_, layer) => layer + 1), values(signal)))},
      options: options(theme, {
        x: axis(theme, 'layer', {type: 'linear', min: 1, max: 10, ticks: {color: theme.quiet, stepSize: 1}}),
        y: valueAxis(theme, name, each.map(values), true)
      }, true)
    }));
    made.append(element('div', {className: 'grid'},
      course('Signal, ' + activation, 'Standard deviation of the activations.', 'deviation', signal => signal.deviations),
      course('Gradient, ' + activation, 'Root mean square; it comes from the right.', 'gradient', signal => signal.gradients)));
  }
}

// --- ways to a gradient

function race() {
  const runners = data.race;
  const course = (title, name, values) => plot(title, 'Mean loss over 200 points of two moons; each way has '
    + number(runners[0].passes[runners[0].passes.length - 1]) + ' passes.', theme => ({
    type: 'line',
    data: {datasets: runners.map((runner, place) => line(theme, place, runner.name, values(runner), runner.losses, {pointRadius: 0}))},
    options: options(theme, {x: valueAxis(theme, name, runners.map(values), true), y: axis(theme, 'loss', {beginAtZero: true, suggestedMax: 0.8})}, true)
  }));
  const large = 50954; // of conf/digits.args
  const of = {1: 1, 2: 2, '2P + 2': 2 * large + 2};
  section('What a gradient costs', element('p', {textContent:
    'The same small network (2 inputs, dense(8) tanh dense(1): P = 33 parameters) from the same weights, three ways. Random search adds '
    + 'noise to all weights, and keeps it where the loss fell. Numerical derivatives move one weight after another a little up and '
    + 'down, and measure. Backpropagation (Rumelhart, Hinton and Williams 1986) has the whole gradient from one pass forward and '
    + 'one back, however many weights there are; Adam at 0.1 then takes the same step with either gradient. Of so few weights luck still finds '
    + 'a way; among thousands a random step gains next to nothing, and differences cost thousands of passes a step.'}),
  element('div', {className: 'grid'},
    course('Loss by passes', 'passes through the network', runner => runner.passes),
    course('Loss by time', 'milliseconds, as measured', runner => runner.milliseconds)),
  figure('Costs', 'A pass forward counts 1, one back 1. ' + number(large) + ' are the parameters of the quickstart’s network; the last column is after how many passes the loss was below 0.1.', table('',
    ['', 'passes a step', 'P = 33', 'P = ' + number(large), 'steps', 'milliseconds', 'loss at the end', 'passes to 0.1'],
    runners.map(runner => cells(runner.name, runner.cost, String(runner.passesPerStep), number(of[runner.cost]), number(runner.steps),
      number(runner.milliseconds[runner.milliseconds.length - 1], 3), number(runner.losses[runner.losses.length - 1], 3),
      runner.passesToTarget > 0 ? number(runner.passesToTarget) : '–')))));
}

function paintAll() {
  const theme = dark.matches ? DARK : LIGHT;
  document.querySelectorAll('.swatch').forEach(made => { made.style.background = theme.series[made.dataset.place]; });
  films.forEach(each => each.show());
}

page.append(element('h1', {textContent: 'What training does'}), element('p', {textContent:
  'Four lessons on problems small enough to be seen whole. Every network, step, first weight and gradient here was computed by the '
  + 'classes that train on a cluster. Written by kindling demo with seed ' + data.seed + '; the same seed gives the same page, but '
  + 'for milliseconds.'}));
boundaries();
surfaces();
signals();
race();
footer();
show();
paintAll();
dark.addEventListener('change', paintAll);
document.documentElement.dataset.films = films.length;
