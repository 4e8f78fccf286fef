# INSTRUCTOR-ONLY
def inputs(draw, rule):
    def matrix(rows, columns):
        return [[draw.uniform(-2, 2) for _ in range(columns)] for _ in range(rows)]

    def look_up(rows, columns, reads):
        read = [draw.randrange(rows) for _ in range(reads)]
        return matrix(rows, columns), read, matrix(reads, columns)

    def answers(B, T, V):
        return ([[[draw.uniform(0, 1) for _ in range(V)] for _ in range(T)] for _ in range(B)],
                [[draw.randrange(-1, V) for _ in range(T)] for _ in range(B)])

    return {
        "row_of": [(k,) for k in (*range(25), 100, 511)],
        "fresh": [(80, 40, draw.randrange(10**6)), (13, 300, draw.randrange(10**6))],
        "rows_of": [([draw.randrange(12) for _ in range(9)], draw.randrange(20, 60)), ([3, 2, 1, 0], 18)],
        "look_up": [look_up(5, 3, 8), look_up(30, 2, 5), look_up(2, 4, 20), look_up(1, 1, 1)],
        "right_by_position": [answers(5, 4, 3), answers(1, 7, 2), answers(8, 2, 5)],
        "trained": [(draw.randrange(10**6),)],
    }
