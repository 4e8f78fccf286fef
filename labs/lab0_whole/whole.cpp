// The whole thing in one file: a tensor, its gradient, attention, two ways to say where a token is, and what becomes of
// them beyond the length they were trained on. Nothing but the standard library:
//
//     g++ -std=c++20 -O2 whole.cpp -o whole && ./whole
//
// The task, off3: which token was three places back? Trained at 32 positions, evaluated at 64.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

// --- A tensor is a matrix of numbers, their gradient, and how to go back to what it was computed from. ---

struct Node {
    int rows, cols;
    std::vector<double> data, grad;
    std::vector<std::shared_ptr<Node>> inputs;
    std::function<void()> backward;    // adds to the gradients of the inputs
};
using Tensor = std::shared_ptr<Node>;

Tensor tensor(int rows, int cols, std::vector<Tensor> inputs = {}) {
    const auto size = static_cast<std::size_t>(rows * cols);
    return std::make_shared<Node>(
        Node{rows, cols, std::vector<double>(size), std::vector<double>(size), std::move(inputs), {}});
}

double& at(std::vector<double>& numbers, const Tensor& t, int i, int j) {
    return numbers[static_cast<std::size_t>(i * t->cols + j)];
}

void backward(const Tensor& loss) {
    std::vector<Tensor> order;    // inputs before results
    std::set<Node*> seen;
    const std::function<void(const Tensor&)> visit = [&](const Tensor& t) {
        if (!seen.insert(t.get()).second) return;
        for (const Tensor& input : t->inputs) visit(input);
        order.push_back(t);
    };
    visit(loss);
    loss->grad[0] = 1;
    for (auto t = order.rbegin(); t != order.rend(); ++t)
        if ((*t)->backward) (*t)->backward();
}

// --- Operations: the value, and below it the derivative. ---

// C = A B        dA += dC B^T,  dB += A^T dC
Tensor matmul(const Tensor& a, const Tensor& b) {
    Tensor c = tensor(a->rows, b->cols, {a, b});
    for (int i = 0; i < a->rows; ++i)
        for (int k = 0; k < a->cols; ++k)
            for (int j = 0; j < b->cols; ++j) at(c->data, c, i, j) += at(a->data, a, i, k) * at(b->data, b, k, j);
    c->backward = [a = a.get(), b = b.get(), c = c.get()] {    // c owns its inputs; pointers to them will do
        const auto n = [](const Node* t, int i, int j) { return static_cast<std::size_t>(i * t->cols + j); };
        for (int i = 0; i < a->rows; ++i)
            for (int k = 0; k < a->cols; ++k)
                for (int j = 0; j < b->cols; ++j) {
                    a->grad[n(a, i, k)] += c->grad[n(c, i, j)] * b->data[n(b, k, j)];
                    b->grad[n(b, k, j)] += a->data[n(a, i, k)] * c->grad[n(c, i, j)];
                }
    };
    return c;
}

Tensor transpose(const Tensor& a) {
    Tensor b = tensor(a->cols, a->rows, {a});
    for (int i = 0; i < a->rows; ++i)
        for (int j = 0; j < a->cols; ++j) at(b->data, b, j, i) = at(a->data, a, i, j);
    b->backward = [a = a.get(), b = b.get()] {
        for (int i = 0; i < a->rows; ++i)
            for (int j = 0; j < a->cols; ++j)
                a->grad[static_cast<std::size_t>(i * a->cols + j)] +=
                    b->grad[static_cast<std::size_t>(j * b->cols + i)];
    };
    return b;
}

Tensor add(const Tensor& a, const Tensor& b) {
    Tensor c = tensor(a->rows, a->cols, {a, b});
    for (std::size_t i = 0; i < c->data.size(); ++i) c->data[i] = a->data[i] + b->data[i];
    c->backward = [a = a.get(), b = b.get(), c = c.get()] {
        for (std::size_t i = 0; i < c->grad.size(); ++i) a->grad[i] += c->grad[i], b->grad[i] += c->grad[i];
    };
    return c;
}

Tensor tanh(const Tensor& a) {
    Tensor b = tensor(a->rows, a->cols, {a});
    for (std::size_t i = 0; i < b->data.size(); ++i) b->data[i] = std::tanh(a->data[i]);
    b->backward = [a = a.get(), b = b.get()] {
        for (std::size_t i = 0; i < b->grad.size(); ++i) a->grad[i] += (1 - b->data[i] * b->data[i]) * b->grad[i];
    };
    return b;
}

// Row i of the result is row which[i] of the table: a look-up. Only rows that were visited get a gradient.
Tensor rows(const Tensor& table, const std::vector<int>& which) {
    Tensor out = tensor(static_cast<int>(which.size()), table->cols, {table});
    for (int i = 0; i < out->rows; ++i)
        for (int j = 0; j < out->cols; ++j)
            at(out->data, out, i, j) = at(table->data, table, which[static_cast<std::size_t>(i)], j);
    out->backward = [table = table.get(), out = out.get(), which] {
        for (std::size_t i = 0; i < out->grad.size(); ++i) {
            const auto cols = static_cast<std::size_t>(out->cols);
            table->grad[static_cast<std::size_t>(which[i / cols]) * cols + i % cols] += out->grad[i];
        }
    };
    return out;
}

// Rows [1, D] one below the other.
Tensor stack(const std::vector<Tensor>& parts) {
    Tensor out = tensor(static_cast<int>(parts.size()), parts[0]->cols, parts);
    for (std::size_t i = 0; i < out->data.size(); ++i)
        out->data[i] = parts[i / parts[0]->data.size()]->data[i % parts[0]->data.size()];
    out->backward = [out = out.get()] {
        const std::size_t cols = out->inputs[0]->grad.size();
        for (std::size_t i = 0; i < out->grad.size(); ++i) out->inputs[i / cols]->grad[i % cols] += out->grad[i];
    };
    return out;
}

// Each row becomes weights that sum to 1, over itself and what came before: softmax(scale x), causal.
Tensor weights_of(const Tensor& scores, double scale) {
    Tensor w = tensor(scores->rows, scores->cols, {scores});
    for (int i = 0; i < w->rows; ++i) {
        double largest = -1e300, sum = 0;
        for (int j = 0; j <= i; ++j) largest = std::max(largest, at(scores->data, scores, i, j) * scale);
        for (int j = 0; j <= i; ++j)
            sum += at(w->data, w, i, j) = std::exp(at(scores->data, scores, i, j) * scale - largest);
        for (int j = 0; j <= i; ++j) at(w->data, w, i, j) /= sum;
    }
    w->backward = [scores = scores.get(), w = w.get(), scale] {
        for (std::size_t i = 0, n = static_cast<std::size_t>(w->cols); i < w->data.size(); i += n) {
            double mean = 0;
            for (std::size_t j = i; j < i + n; ++j) mean += w->data[j] * w->grad[j];
            for (std::size_t j = i; j < i + n; ++j) scores->grad[j] += scale * w->data[j] * (w->grad[j] - mean);
        }
    };
    return w;
}

// --- The model: tokens and places in, one layer of attention, a guess for every token. ---

constexpr int vocabulary = 8, width = 16, trained = 32, longer = 64, back = 3;
std::mt19937 dice(1);

Tensor parameter(int rows, int cols, double size) {
    Tensor t = tensor(rows, cols);
    for (double& x : t->data) x = std::normal_distribution<double>(0, size)(dice);
    return t;
}

struct Model {
    bool recurrent;
    Tensor tokens = parameter(vocabulary, width, 1), query = parameter(width, width, 0.25),
           key = parameter(width, width, 0.25), value = parameter(width, width, 0.25),
           head = parameter(width, vocabulary, 0.25);
    Tensor table = parameter(longer, width, 0.5);                            // p_k: a row for each place
    Tensor start = parameter(1, width, 0.5), step = tensor(width, width);    // or p_{k+1} = tanh(p_k W)

    explicit Model(bool rnn)
        : recurrent(rnn) {    // W: eight rotations of the plane, a little larger than 1 against tanh
        for (int i = 0; i < width; i += 2) {
            const double angle = 3.14159265 * (i / 2 + 0.5) / (width / 2);
            at(step->data, step, i, i) = at(step->data, step, i + 1, i + 1) = 1.2 * std::cos(angle);
            at(step->data, step, i, i + 1) = 1.2 * std::sin(angle);
            at(step->data, step, i + 1, i) = -1.2 * std::sin(angle);
        }
    }
    std::vector<Tensor> parameters() const { return {tokens, query, key, value, head, table, start, step}; }

    Tensor places(int length) const {    // [length, width]
        std::vector<int> each;
        std::vector<Tensor> states{start};
        for (int k = 0; k < length; ++k) each.push_back(k);
        if (!recurrent) return rows(table, each);
        while (static_cast<int>(states.size()) < length) states.push_back(tanh(matmul(states.back(), step)));
        return stack(states);
    }
    Tensor logits(const std::vector<int>& text) const {    // softmax(Q K^T / sqrt(D)) V, then the head
        const Tensor x = add(rows(tokens, text), places(static_cast<int>(text.size())));
        const Tensor weights = weights_of(matmul(matmul(x, query), transpose(matmul(x, key))), 1 / std::sqrt(width));
        return matmul(matmul(weights, matmul(x, value)), head);
    }
};

// --- Training: the loss, and Adam. ---

// The mean of -log p(the token three places back). Its gradient is p - 1 for the right one, p for all others.
Tensor loss_of(const Tensor& logits, const std::vector<int>& text) {
    Tensor loss = tensor(1, 1, {logits}), p = tensor(logits->rows, logits->cols);
    const double count = logits->rows - back;
    for (int i = back; i < logits->rows; ++i) {
        double sum = 0;
        for (int j = 0; j < vocabulary; ++j) sum += at(p->data, p, i, j) = std::exp(at(logits->data, logits, i, j));
        for (int j = 0; j < vocabulary; ++j) at(p->data, p, i, j) /= sum;
        double& right = at(p->data, p, i, text[static_cast<std::size_t>(i - back)]);
        loss->data[0] -= std::log(right) / count;
        right -= 1;
    }
    loss->backward = [logits = logits.get(), p, loss = loss.get(), count] {
        for (std::size_t i = 0; i < p->data.size(); ++i) logits->grad[i] += loss->grad[0] * p->data[i] / count;
    };
    return loss;
}

std::vector<int> random_text(int length) {
    std::vector<int> text;
    for (int i = 0; i < length; ++i) text.push_back(std::uniform_int_distribution<int>(0, vocabulary - 1)(dice));
    return text;
}

void train(const Model& model, int steps) {
    std::vector<std::vector<double>> mean, square;
    for (const Tensor& p : model.parameters()) mean.emplace_back(p->data.size()), square.emplace_back(p->data.size());
    for (int step = 1; step <= steps; ++step) {
        for (int i = 0; i < 4; ++i) {
            const std::vector<int> text = random_text(trained);
            backward(loss_of(model.logits(text), text));
        }
        for (std::size_t k = 0; k < mean.size(); ++k)
            for (std::size_t i = 0; i < mean[k].size(); ++i) {
                double& g = model.parameters()[k]->grad[i];
                mean[k][i] += 0.1 * (g - mean[k][i]);
                square[k][i] += 0.001 * (g * g - square[k][i]);
                const double m = mean[k][i] / (1 - std::pow(0.9, step)), s = square[k][i] / (1 - std::pow(0.999, step));
                model.parameters()[k]->data[i] -= 0.01 * m / (std::sqrt(s) + 1e-8);
                g = 0;
            }
    }
}

// The part of right guesses from place `from` to the end of texts of this length.
double accuracy(const Model& model, int length, int from) {
    int right = 0, all = 0;
    for (int i = 0; i < 50; ++i) {
        const std::vector<int> text = random_text(length);
        const Tensor logits = model.logits(text);
        for (int t = from; t < length; ++t, ++all) {
            const double* row = &logits->data[static_cast<std::size_t>(t * vocabulary)];
            right += std::max_element(row, row + vocabulary) - row == text[static_cast<std::size_t>(t - back)];
        }
    }
    return static_cast<double>(right) / all;
}

// How alike are the codes of two places? Their cosine, as a character: every second place of 64.
void heatmap(const Tensor& p) {
    const auto product = [&](int a, int b) {
        double sum = 0;
        for (int j = 0; j < p->cols; ++j) sum += at(p->data, p, a, j) * at(p->data, p, b, j);
        return sum;
    };
    for (int a = 0; a < longer; a += 2) {
        std::string line = a == trained ? "32 " : a == 0 ? " 0 " : "   ";
        for (int b = 0; b < longer; b += 2) {
            const double cosine = product(a, b) / std::sqrt(product(a, a) * product(b, b));
            line += std::string(2, " .:-=+*#%@"[static_cast<int>(std::clamp(cosine, 0.0, 0.999) * 10)]);
        }
        std::printf("%s\n", line.c_str());
    }
}

int main() {
    for (const bool rnn : {false, true}) {
        const Model model(rnn);
        train(model, 1500);
        std::printf("\n%s: right at places 3 to 31: %.2f, at places 32 to 63: %.2f (a guess: %.2f)\n",
                    rnn ? "An RNN, p_{k+1} = tanh(p_k W)" : "A table, one row for each place",
                    accuracy(model, trained, back), accuracy(model, longer, trained), 1.0 / vocabulary);
        heatmap(model.places(longer));
    }
}
