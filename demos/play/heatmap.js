// A square of numbers from -1 to 1 as a picture: one pixel a cell, which the style makes large.

let palette;    // [512]: from -1 to 1, and what is no number; the library's own colours

function usePalette(colours) {
    palette = Uint32Array.from(colours, (rgb) => {
        const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
        return (255 << 24) | (blue << 16) | (green << 8) | red;    // as a picture has it in memory
    });
}

const colourOf = (value) =>
    Number.isNaN(value) ? palette[511] : palette[Math.round((Math.min(Math.max(value, -1), 1) + 1) * 255)];

// The first `size` rows and columns of picture, {shape, numbers}. What it does not have stays empty.
function drawHeatmap(canvas, { shape: [rows, columns], numbers }, size = rows) {
    const image = new ImageData(size, size), pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < Math.min(size, rows); ++i)
        for (let j = 0; j < Math.min(size, columns); ++j) pixels[i * size + j] = colourOf(numbers[i * columns + j]);
    canvas.width = canvas.height = size;
    canvas.getContext("2d").putImageData(image, 0, 0);
}

// A code as a strip of coloured cells, on a scale of its own.
function drawStrip(canvas, numbers, largest) {
    const image = new ImageData(numbers.length, 1), pixels = new Uint32Array(image.data.buffer);
    numbers.forEach((value, i) => (pixels[i] = colourOf(value / largest)));
    canvas.width = numbers.length;
    canvas.height = 1;
    canvas.getContext("2d").putImageData(image, 0, 0);
}
