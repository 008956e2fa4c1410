// Draws each chart of the report over its static twin. The options are data
// only: no function, no markup. Colours come from the style sheet, so that the
// charts follow the reader's light or dark theme.
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const islands = document.querySelectorAll('script[type="application/json"][data-chart]');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let charts = [];

  const theme = () => {
    const axis = {
      axisLine: { lineStyle: { color: css('--rule') } },
      axisTick: { show: false },
      axisLabel: { color: css('--ink'), fontSize: 13 },
      splitLine: { lineStyle: { color: css('--rule') } },
      nameTextStyle: { color: css('--soft') },
    };
    return {
      backgroundColor: 'transparent',
      textStyle: { color: css('--ink'), fontFamily: getComputedStyle(document.body).fontFamily },
      legend: { textStyle: { color: css('--ink') } },
      tooltip: { backgroundColor: css('--paper'), borderColor: css('--rule'), textStyle: { color: css('--ink') } },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: axis,
      scatter: { itemStyle: { borderColor: css('--ink') }, label: { color: css('--ink') } },
    };
  };

  const draw = () => {
    for (const chart of charts) chart.dispose();
    charts = [];
    for (const island of islands) {
      const figure = document.getElementById(island.dataset.chart);
      const box = figure.querySelector('.live');
      const option = JSON.parse(island.textContent);
      figure.classList.remove('is-live');
      if (figure.clientWidth < 440) continue; // the drawing reads better on a narrow screen, where nothing hovers
      for (const axis of [].concat(option.yAxis)) {
        if (axis.type === 'category') axis.axisLabel = { ...axis.axisLabel, interval: 0, width: 260, overflow: 'break', lineHeight: 15 };
      }
      for (const one of option.series) { // a name beside its mark is read over lines
        if (one.label?.position === 'left' || one.label?.position === 'right') Object.assign(one.label, { backgroundColor: css('--paper'), padding: [1, 4], borderRadius: 2 });
      }
      box.style.height = box.dataset.height + 'px';
      figure.classList.add('is-live');
      const chart = echarts.init(box, theme(), { renderer: 'svg' });
      chart.setOption(option);
      charts.push(chart);
    }
    document.documentElement.dataset.ready = 'yes';
  };

  draw();
  dark.addEventListener('change', draw);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) { width = innerWidth; draw(); }
  });
})();
