// Loaded after page.js. A film is a canvas that draws one of several frames; figures and charts come from page.js.
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
 * A canvas with a button and a slider. It plays once when it first becomes visible, unless the reader prefers reduced motion.
 * `paint(context, width, height, frame)` draws a frame; `label(frame)` is its caption; `follow(frame)` updates what depends on it.
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
  let since = null; // the time at which the first frame was or would have been shown; null while paused

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

/** Short forms of numbers of any size, such as 0.63, 12 and 2e-9. */
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
    data.network.replace('2 inputs: ', '') + '. Accuracy ' + percent(data.accuracies[data.accuracies.length - 1])
    + ' on the ' + data.labels.length + ' training points and ' + percent(data.freshAccuracy) + ' on as many new points.',
    film('Decision boundary of the network: ' + data.name, '1', frames.length, 9, paint,
      frame => 'step ' + data.frameSteps[frame] + ', ' + percent(data.accuracies[frame]),
      frame => {
        place.step = data.frameSteps[frame];
        Chart.getChart(losses.firstChild)?.draw();
      }), losses);
}

function boundaries() {
  section('A network bends the plane', element('p', {textContent:
    'The colour shows which class the network predicts at each point of the plane; it is paler where the network is less certain. '
    + 'No straight line separates these classes. The hidden units bend the plane until a straight line does. Each step ('
    + data.boundaries[0].method.replace(/ ×.*/, '') + ') moves all weights a little, against the gradient of the mean loss over all '
    + data.boundaries[0].labels.length + ' points.'}),
  element('div', {className: 'grid small'}, ...data.boundaries.map(boundary)));
}

// --- optimizers

const REMARKS = {
  saddle: 'The ground falls to both sides of the ridge, but on the ridge itself there is no slope to either side. Gradient descent stays '
    + 'there until the little slope there is has grown. Momentum builds up speed, overshoots the lowest point and comes back. Adagrad, '
    + 'RMSProp and Adam divide the step in each coordinate by the size of its own gradients, so a small slope counts as much as a large '
    + 'one, and they leave soon. In many dimensions, most critical points are saddles (Dauphin et al. 2014).',
  ravine: 'The surface is 36 times as curved across the ravine as along it. The steep walls limit the learning rate of gradient descent '
    + '(above 2/36 it diverges), so it jumps from wall to wall and creeps along the floor. Momentum (Polyak 1964) adds up the part of the '
    + 'gradient that keeps its direction; Nesterov’s momentum slows down before the wall. A step size per coordinate makes this ravine '
    + 'round, because it lies along an axis.',
  'bent valley': 'This is Rosenbrock’s function. Its floor bends, so no scaling of the coordinates straightens it. Momentum and Nesterov '
    + 'get furthest along it, then Adam, which also has momentum. Gradient descent oscillates at the largest learning rate it can use. '
    + 'Adagrad’s steps only ever get shorter: after the steep start it cannot cover the rest of the way. This is why RMSProp and Adam '
    + 'forget old gradients.'
};

function surface(data) {
  const relief = bytes(data.relief);
  const height = data.side * data.lines / data.columns;
  const count = data.paths[0].xs.length;
  const ends = data.paths.map(() => element('td', {}));
  let ground = {key: '', image: null};

  /** Bands of equal height between contours; heights between the points of the relief are interpolated. */
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
    table('', ['optimizer', 'learning rate', 'height'], rows), words(REMARKS[data.name]));
}

function surfaces() {
  section('Six ways down', element('p', {textContent:
    'Six optimizers start at the same point. All they know of the surface is its slope where they stand. Each uses the '
    + 'learning rate, out of 1, 2 and 5 times powers of ten, whose path has the lowest mean height.'}),
  element('div', {className: 'grid small'}, ...data.surfaces.map(surface)));
}

// --- initial weights

/** One bar per bin. Its height is the square root of the count, so that small counts are visible next to large ones. */
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

const INITIAL = {
  tanh: {
    'normal(0.01)': 'Too small: each layer keeps 0.01·√256 = 0.16 of the standard deviation. After ten layers almost nothing is left, and the gradient vanishes in the same way.',
    'normal(1)': 'Too large: nearly all units are saturated, where the slope of tanh is almost 0. The few that are not multiply the gradient by large weights, and it explodes.',
    Xavier: 'Variance 2/(inputs + outputs): signals and gradients keep their size where tanh is steep (Glorot and Bengio 2010).',
    He: 'Twice the variance, made for relu. Tanh bounds the signal, and a few more units saturate.'
  },
  relu: {
    'normal(0.01)': 'Too small again. Relu drops half of the signal, which costs another factor of √2 per layer.',
    'normal(1)': 'Nothing bounds relu: the signal grows elevenfold per layer. Values above 3 are in the last bar.',
    Xavier: 'Xavier does not account for the half that relu drops, so the standard deviation shrinks by √2 per layer.',
    He: 'Variance 2/inputs makes up for that half, so the standard deviation stays near 1 (He et al. 2015).'
  }
};

function signals() {
  const made = section('What initial weights do to ten layers', element('p', {textContent:
    '512 rows of standard normal numbers pass through ten layers of 256 units, before any training. The upper histograms show the activations of each '
    + 'layer, with their standard deviation. The lower ones show the gradients of single rows’ losses with respect to the pre-activations, with '
    + 'their root mean square. The height of a bar is the square root of its count, so that small counts are visible too; values outside the range are '
    + 'in the outermost bars. In Kindling the default initializer follows the activation, and glorotNormal takes the activation’s gain into account; '
    + 'here each initializer is as in its paper.'}));
  for (const activation of ['tanh', 'relu']) {
    const each = data.signals.filter(signal => signal.activation === activation);
    made.append(element('div', {className: 'grid'}, ...each.map(signal => figure(activation + ', ' + signal.initializer,
      INITIAL[activation][signal.initializer],
      layers(signal.activationBins, signal.deviations),
      words('Activations from ' + (activation === 'tanh' ? '−1 to 1; ' : '0 to 3; ') + percent(signal.saturated[9])
        + ' in the tenth layer are ' + (activation === 'tanh' ? 'beyond ±0.97.' : '0.')),
      layers(signal.gradientBins, signal.gradients),
      words('Gradients from −' + brief(signal.gradientLimit) + ' to ' + brief(signal.gradientLimit) + '; backpropagation runs from right to left.')))));
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
      course('Gradient, ' + activation, 'Root mean square; backpropagation runs from right to left.', 'gradient', signal => signal.gradients)));
  }
}

// --- the cost of a gradient

function race() {
  const runners = data.race;
  const course = (title, name, values) => plot(title, 'Mean loss over 200 points of two moons; each method has '
    + number(runners[0].passes[runners[0].passes.length - 1]) + ' passes.', theme => ({
    type: 'line',
    data: {datasets: runners.map((runner, place) => line(theme, place, runner.name, values(runner), runner.losses, {pointRadius: 0}))},
    options: options(theme, {x: valueAxis(theme, name, runners.map(values), true), y: axis(theme, 'loss', {beginAtZero: true, suggestedMax: 0.8})}, true)
  }));
  const large = 50954; // the parameters of conf/digits.args
  const of = {1: 1, 2: 2, '2P + 2': 2 * large + 2};
  section('What a gradient costs', element('p', {textContent:
    'Three methods train the same small network (2 inputs, dense(8) tanh dense(1): P = 33 parameters) from the same initial weights. Random search '
    + 'adds noise to all weights and keeps it if the loss is lower. Numerical derivatives move one weight after another a little up and '
    + 'down, and measure the loss. Backpropagation (Rumelhart, Hinton and Williams 1986) computes the whole gradient in one forward and one backward '
    + 'pass, however many weights there are. Adam at learning rate 0.1 then takes the same step with either gradient. With so few weights random '
    + 'search still makes progress. With thousands of weights a random step gains next to nothing, and numerical derivatives cost thousands of passes per step.'}),
  element('div', {className: 'grid'},
    course('Loss by passes', 'passes through the network', runner => runner.passes),
    course('Loss by time', 'milliseconds, as measured', runner => runner.milliseconds)),
  figure('Costs', 'A forward pass counts 1 and a backward pass 1. The quickstart’s network has ' + number(large) + ' parameters. The last column is the number of passes until the loss was below 0.1.', table('',
    ['', 'passes per step', 'P = 33', 'P = ' + number(large), 'steps', 'milliseconds', 'final loss', 'passes to 0.1'],
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
  'Four lessons on problems small enough to see whole. The classes that train on a cluster computed every network, step, initial weight '
  + 'and gradient here. Written by kindling demo with seed ' + data.seed + '; the same seed gives the same page, except for '
  + 'milliseconds.'}));
boundaries();
surfaces();
signals();
race();
footer();
show();
paintAll();
dark.addEventListener('change', paintAll);
document.documentElement.dataset.films = films.length;
